"""The secrets of one installation, made once and kept in a file that only its user can read."""

import base64
import os
import secrets
from pathlib import Path

LAN_PASSWORD_BYTES = 9  # twelve characters, typed on a phone


def load(path: Path) -> dict[str, str]:
    """Return the secrets in `path`, made at the first call. Lines read NAME=value."""
    if not path.exists():
        _write(
            path,
            {
                "SECRET_KEY": secrets.token_urlsafe(48),
                "MASTER_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
                "LAN_PASSWORD": secrets.token_urlsafe(LAN_PASSWORD_BYTES),
            },
        )
    lines = (line.partition("=") for line in path.read_text().splitlines() if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in lines}


def _write(path: Path, values: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("# Keep this file: without MASTER_KEYS no stored capture can ever be read again.\n")
        file.writelines(f"{name}={value}\n" for name, value in values.items())
    unfinished.rename(path)  # a start that is interrupted leaves all secrets or none
