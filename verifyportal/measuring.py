"""Settings of the commands that measure, `manage.py evaluate_…` and `calibrate_…`: they need no keys, no database and no queue."""

from verifyportal import env

SECRET_KEY = "signs nothing"  # noqa: S105
INSTALLED_APPS = ["checks_app"]
USE_TZ = True
FACE_ENGINE = env.text("FACE_ENGINE", "dlib-20-unit")
FACE_MODELS_DIR = env.folder("FACE_MODELS_DIR")  # the operator's own models: of the engine "onnx", and against presentation attacks
