"""`./run test` without arguments: everything, in processes that do not get in each other's way, with one answer."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from verifyportal.dev import tests
from verifyportal.dev.services import ROOT

PARTS = ("waiting", "rest", "checks")
PLAYED = """
import json, os, pathlib, sys
place, ends, *arguments = sys.argv[1:]
home, database = os.environ.get("TEST_HOME"), os.environ.get("TEST_DATABASE_NAME")
part = home.rpartition("-")[2] if home else "waiting"
pathlib.Path(place, part).write_text(json.dumps({"arguments": arguments, "home": home, "database": database}))
print("the last line of", part)
sys.exit(json.loads(ends).get(part, 0))
"""
"""Stands for pytest: writes down how it was called, says one line, and ends as it is told."""

Play = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Play:
    """Run everything with played parts that end as given: the status, and what each part was given."""
    monkeypatch.delenv("TEST_HOME", raising=False)

    def run(**ends: int) -> tuple[int, dict[str, Any]]:
        monkeypatch.setattr(tests, "_pytest", lambda *given: [sys.executable, "-c", PLAYED, str(tmp_path), json.dumps(ends), *given])
        status = tests.everything()
        return status, {part: json.loads((tmp_path / part).read_text()) for part in PARTS}

    return run


def paths(part: dict[str, Any]) -> set[str]:
    return {argument for argument in part["arguments"] if argument.startswith("tests/")}


def test_tests_pass_when_every_part_does(played: Play) -> None:
    assert played()[0] == 0


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("end", [1, 5])
def test_tests_fail_when_one_part_does(played: Play, part: str, end: int) -> None:
    """A part that found no tests (5) has not passed either."""
    assert played(**{part: end})[0] != 0


def test_output_of_every_part_is_shown_whole(played: Play, capfd: pytest.CaptureFixture[str]) -> None:
    played(waiting=1, rest=1, checks=1)
    shown = capfd.readouterr().out
    assert sorted(PARTS, key=lambda part: shown.index(f"the last line of {part}")) == list(PARTS)


def test_every_test_runs_in_exactly_one_part(played: Play) -> None:
    """The rest is whatever the others leave."""
    _, parts = played()
    ignored = [argument.removeprefix("--ignore=") for argument in parts["rest"]["arguments"] if argument.startswith("--ignore=")]
    assert sorted(ignored) == sorted([*paths(parts["waiting"]), *paths(parts["checks"])])
    assert all((ROOT / path).is_dir() for path in ignored)


@pytest.mark.parametrize("own", ["home", "database"])
def test_parts_have_services_and_databases_of_their_own(played: Play, own: str) -> None:
    """Also when all are sent to the same servers."""
    _, parts = played()
    assert len({part[own] for part in parts.values()}) == len(PARTS)
