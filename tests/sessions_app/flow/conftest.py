from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings


@pytest.fixture(scope="session", autouse=True)
def compiled_languages() -> None:
    """Catalogues are kept as text; `./run` compiles them, and so do tests that are started without it."""
    for source in Path(django_settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            subprocess.run(["msgfmt", "-o", compiled, source], check=True)


@pytest.fixture(autouse=True)
def capture_store(settings: Settings, tmp_path: Path) -> None:
    settings.CAPTURE_ROOT = tmp_path
    settings.ACCEPT_SPECIMENS = False
