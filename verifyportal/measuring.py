"""Settings of the commands that measure (`manage.py evaluate_…`, `calibrate_…`): pictures and numbers alone, so no keys, database or queue."""

from verifyportal import env

SECRET_KEY = "signs nothing"
INSTALLED_APPS = ["checks_app"]
USE_TZ = True
FACE_ENGINE = env.text("FACE_ENGINE", "dlib-20-mirror")
