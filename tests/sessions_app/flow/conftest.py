from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from sessions_app.steps import Step
from tests.sessions_app.flow.companion import Companion
from tests.sessions_app.flow.visitor import Visitor


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


@pytest.fixture
def visitor() -> Visitor:
    """Somebody who stands at the first picture."""
    return Visitor().go_to(Step.DOCUMENT_FRONT)


@pytest.fixture
def phone(visitor: Visitor) -> Companion:
    """A phone that carries the visitor's session."""
    companion = Companion(visitor)
    companion.scan()
    return companion
