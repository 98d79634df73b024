"""The portal's settings for tests: keys that protect nothing, and a cache that every test finds empty."""

import base64
import os

os.environ.setdefault("SECRET_KEY", "for-tests-alone-and-long-enough-to-pass-the-system-checks-0123456789")
os.environ.setdefault("MASTER_KEYS", "test:" + base64.b64encode(bytes(range(32))).decode())
os.environ.setdefault("REDIS_PREFIX", os.environ.get("TEST_DATABASE_NAME", "test") + ":")

from verifyportal.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; no test's password is worth more
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
