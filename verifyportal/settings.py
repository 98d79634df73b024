"""Settings. What differs between installations comes from the environment: docs/operations.md lists every variable."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from verifyportal import env, logs

BASE_DIR = Path(__file__).resolve().parent.parent

# The installation
DEBUG = env.flag("DEBUG")
SECRET_KEY = env.text("SECRET_KEY")
MASTER_KEYS = env.master_keys("MASTER_KEYS")
PUBLIC_BASE_URL = env.public_base_url("PUBLIC_BASE_URL", "http://127.0.0.1:8000")
CAPTURE_ROOT = Path(env.text("CAPTURE_ROOT", str(BASE_DIR / "var" / "captures")))
DEMO_ROOT = Path(env.text("DEMO_ROOT", str(BASE_DIR / "var" / "demo")))  # the demonstration's logins and specimens
TRUSTED_PROXIES = env.whole("TRUSTED_PROXIES", 0)  # how many proxies stand between the internet and us
FACE_ENGINE = env.text("FACE_ENGINE", "dlib-20-unit")
FACE_MODELS_DIR = env.folder("FACE_MODELS_DIR")  # the operator's own models: of the engine "onnx", and against presentation attacks
ACCEPT_SPECIMENS = env.flag("ACCEPT_SPECIMENS")  # documents of Utopia count as real: demonstrations only
REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
REDIS_PREFIX = env.text("REDIS_PREFIX", "verifyportal:")  # keeps installations apart that share a server

_public = urlsplit(PUBLIC_BASE_URL)
_https = _public.scheme == "https"
ALLOWED_HOSTS = [*env.listing("ALLOWED_HOSTS", _public.hostname or ""), *env.LOOPBACK]  # this machine asks /healthz and /readyz

# The application
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_filters",
    "django_tables2",
    "csp",
    "checks_app.apps.ChecksAppConfig",
    "settings_app.apps.SettingsAppConfig",
    "sessions_app.apps.SessionsAppConfig",
    *(["verifyportal.dev"] if ACCEPT_SPECIMENS else []),  # the commands that fill a demonstration
]
MIDDLEWARE = [
    "verifyportal.middleware.client_address",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "verifyportal.middleware.answer_headers",
    "verifyportal.middleware.CompressedPages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "verifyportal.urls"
WSGI_APPLICATION = "verifyportal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sessions_app.panel.review_queue.ribbon",
                "verifyportal.accounts.mail",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Data
DATABASES = {
    "default": {
        **env.database("DATABASE_URL", "postgresql://127.0.0.1:5432/verifyportal"),
        "CONN_MAX_AGE": env.whole("DATABASE_CONN_MAX_AGE", 60),  # seconds; 0 in workers, whose children come and go
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": env.text("TEST_DATABASE_NAME", "test_verifyportal")},
    }
}
CACHES = {
    "default": {
        "BACKEND": "verifyportal.cache.ForgetfulCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": REDIS_PREFIX + "cache",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},  # seconds
    }
}

# Who is who
AUTH_USER_MODEL = "settings_app.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/sessions/"
LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_ADAPTER = "verifyportal.accounts.ClosedAccounts"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is given by whoever opens the account
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "VerifyPortal"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # a stranger elsewhere cannot lock a person out of his account
AXES_USERNAME_CALLABLE = "verifyportal.accounts.login_name"
AXES_LOCKOUT_TEMPLATE = "account/locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# E-mail: invitations and new passwords. Without a server nothing is sent, and what depends on it is not offered
EMAIL_HOST = env.text("EMAIL_HOST", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"
EMAIL_PORT = env.whole("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=not EMAIL_USE_SSL)
EMAIL_TIMEOUT = 10  # seconds: somebody waits for the answer
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"VerifyPortal <no-reply@{_public.hostname}>")

# What browsers are told
SESSION_COOKIE_AGE = 12 * 3600  # seconds: a working day
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]
SECURE_SSL_REDIRECT = _https and env.flag("HTTPS_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by the machine beside us, not through the proxy
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = env.whole("HSTS_SECONDS", 31_536_000 if _https else 0)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Files and uploads
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "var" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # captures have a store of their own; nothing else is kept
    "staticfiles": {"BACKEND": "verifyportal.static_files.RememberedStaticFiles"},
}
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]  # a picture never lies on a disk unencrypted
FILE_UPLOAD_MAX_MEMORY_SIZE = 42 * 1024 * 1024  # bytes of a whole request: ingest.MAX_TOTAL_BYTES and the form around it
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # bytes of form fields, files apart
DATA_UPLOAD_MAX_NUMBER_FILES = 100  # a liveness challenge sends its frames in one request: submission.MOST_IMAGES and some

# Languages and time
LANGUAGE_CODE = "en"  # of the panel; the flow chooses its own language for each user
LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("ka", _("Georgian")), ("ru", _("Russian"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

# Tasks: see docs/architecture.md, "Queues"
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": REDIS_PREFIX,
    "visibility_timeout": 300,  # seconds until what a vanished worker held is given out again
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,  # seconds: who submits does not wait for a queue that is away, the recovery sweep enqueues the work later
    "socket_timeout": 2.5,  # seconds; a worker waits for one at a time
    "health_check_interval": 5,  # seconds until a worker notices a connection that died without a word
    "max_retries": 1,  # of who publishes; with no pause between
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "connect_retries_timeout": 1,
}
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker however long that is away
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False  # what a worker does goes on; its result needs no broker
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}  # for a stale connection
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {"inspect": {}, "verify": {}, "sweeps": {}}
CELERY_TASK_DEFAULT_QUEUE = "sweeps"
CELERY_TASK_ROUTES = {
    "sessions_app.tasks.inspect_capture": {"queue": "inspect"},
    "sessions_app.tasks.verify_attempt": {"queue": "verify"},
}
CELERY_TASK_CREATE_MISSING_QUEUES = False  # a misspelt queue is an error, not a task that nobody takes
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
SWEEPS_EVERY = {  # seconds
    "recover-overdue": 5,
    "end-transfers": 30,
    "close-overdue-sessions": 60,
    "watch-for-stuck": 60,
    "catch-up": 60,
    "erase-old-pictures": 900,
    "watch-for-drift": 3600,
    "drop-leftovers": 3600,
}
CELERY_BEAT_SCHEDULE = {  # each expires before the next, so that a stopped worker finds no heap of them
    "heartbeat": {"task": "verifyportal.health.heartbeat", "schedule": 5, "options": {"queue": "sweeps", "expires": 5}},
    **{
        name: {
            "task": f"sessions_app.tasks.{name.replace('-', '_')}",
            "schedule": seconds if seconds < 3600 else crontab(minute="17"),  # an interval would begin anew with every restart of beat
            "options": {"queue": "sweeps", "expires": seconds},
        }
        for name, seconds in SWEEPS_EVERY.items()
    },
}

LOGGING = logs.configuration(as_json=env.flag("LOG_JSON", default=not DEBUG), level=env.text("LOG_LEVEL", "INFO"))
