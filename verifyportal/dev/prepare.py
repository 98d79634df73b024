"""Make a portal ready to serve: tables, static files, demonstration data. Prints what a newcomer needs as JSON."""

import hashlib
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

DEMO_SESSIONS = int(os.environ.get("DEMO_SESSIONS", "300"))


def main() -> None:
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    collect_static()
    seed()
    print(json.dumps(access(os.environ["DEMO_PASSWORD"])))


def collect_static() -> None:
    """Collect the static files when one of them, or an installed package, has changed."""
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    state = _static_state()
    if stamp.exists() and stamp.read_text() == state:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(state)


def _static_state() -> str:
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
    for root in settings.STATICFILES_DIRS:
        for path in sorted(Path(root).rglob("*")):
            if path.is_file():
                digest.update(f"{path}:{path.stat().st_size}:{path.stat().st_mtime_ns}\n".encode())
    return digest.hexdigest()


def seed() -> None:
    """Fill an empty database with the demonstration."""
    from settings_app.models import Company

    if Company.objects.exists():
        return
    print(f"Drawing a demonstration of {DEMO_SESSIONS} sessions (once) …", file=sys.stderr, flush=True)
    call_command("seed_demo", sessions=DEMO_SESSIONS, verbosity=0, stdout=io.StringIO())


def access(password: str) -> dict[str, Any]:
    """Give the demonstration's people `password` and return their logins and a fresh link; empty when there is no demonstration."""
    file = Path(settings.DEMO_ROOT) / "access.json"
    if not file.exists():
        return {"logins": [], "link": ""}
    known: dict[str, Any] = json.loads(file.read_text())
    known["logins"] = [login for login in known["logins"] if _has_password(login, password)]
    link = io.StringIO()
    call_command("demo_link", stdout=link)
    known["link"] = link.getvalue().strip()
    file.touch(mode=0o600)
    file.write_text(json.dumps(known, indent=2, ensure_ascii=False))
    return known


def _has_password(login: dict[str, str], password: str) -> bool:
    """Make sure that `login` works with `password`; False when its user is gone."""
    from django.contrib.auth import get_user_model

    user = get_user_model().objects.filter(email=login["email"]).first()
    if user is None:
        return False
    if login["password"] != password:  # known from the last start; checking would cost a third of a second each
        user.set_password(password)
        user.save(update_fields=["password"])
    login["password"] = password
    return True


if __name__ == "__main__":
    main()
