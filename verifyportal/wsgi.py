"""The entry point of WSGI servers. Pages that wait are mostly answered before Django is asked."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "verifyportal.settings")
django_application = get_wsgi_application()

from sessions_app.flow import unchanged  # noqa: E402 - it needs the applications that were just loaded

application = unchanged.answer_before(django_application)
