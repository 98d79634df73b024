"""`./run test` without arguments: everything, in two processes that do not get in each other's way, with one answer."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from verifyportal.dev import tests
from verifyportal.dev.services import ROOT

PLAYED = """
import json, os, pathlib, sys
place, ends, *arguments = sys.argv[1:]
is_beside = not arguments[0].startswith("--ignore")
told = {"arguments": arguments, "home": os.environ.get("TEST_HOME"), "database": os.environ.get("TEST_DATABASE_NAME")}
pathlib.Path(place, "beside" if is_beside else "others").write_text(json.dumps(told))
print("the last line of those beside" if is_beside else "the last line of the others")
sys.exit(json.loads(ends)[is_beside])
"""
"""Stands for pytest: writes down how it was called, says one line, and ends as it is told."""


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Run everything with two played halves: the status of the others, that of those beside, and what each was given."""

    def run(others: int, beside: int) -> tuple[int, dict[str, Any], dict[str, Any]]:
        ends = json.dumps([others, beside])
        monkeypatch.setattr(tests, "_pytest", lambda *given: [sys.executable, "-c", PLAYED, str(tmp_path), ends, *given])
        status = tests.everything()
        halves = (json.loads((tmp_path / name).read_text()) for name in ("others", "beside"))
        return (status, *halves)

    return run


@pytest.mark.parametrize(("others", "beside", "passes"), [(0, 0, True), (1, 0, False), (0, 1, False), (1, 1, False), (0, 5, False)])
def test_tests_pass_when_both_halves_do(played: Any, others: int, beside: int, passes: bool) -> None:
    """A half that found no tests (5) has not passed either."""
    status, *_ = played(others, beside)
    assert (status == 0) is passes


def test_output_of_both_halves_is_shown_whole(played: Any, capfd: pytest.CaptureFixture[str]) -> None:
    played(1, 1)
    shown = capfd.readouterr().out
    assert shown.index("the last line of the others") < shown.index("the last line of those beside")


def test_every_test_runs_in_exactly_one_half(played: Any) -> None:
    _, others, beside = played(0, 0)
    ignored = {argument.removeprefix("--ignore=") for argument in others["arguments"]}
    assert ignored == {argument for argument in beside["arguments"] if argument.startswith("tests/")}
    assert all((ROOT / path).is_dir() for path in ignored)


def test_halves_have_services_and_databases_of_their_own(played: Any) -> None:
    """Also when both are sent to the same servers."""
    _, others, beside = played(0, 0)
    assert others["home"] != beside["home"]
    assert others["database"] != beside["database"]
