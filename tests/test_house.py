"""The rules of the house that no linter knows: sizes, doors, names, and what a template may hold."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
APPS = ("checks_app", "sessions_app", "settings_app", "verifyportal")
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_VIEW = 300, 40, 15  # lines
VIEW_MODULES = ("sessions_app/flow/*views.py", "sessions_app/panel/*views.py", "settings_app/panel/*views.py", "verifyportal/health.py")
VIEW_MARKS = ("panel_view", "flow_view", "require_GET", "require_POST", "require_safe")
SHELVES = ("utils", "helpers", "common", "services", "misc", "lib")
MAY_BE_NAMED_SO = {"verifyportal/dev/services.py"}  # the servers behind the portal; services in the word's own sense
READS_THE_CLOCK = {("timezone", "now"), ("datetime", "now"), ("date", "today"), ("timezone", "localdate"), ("datetime", "utcnow")}
MAY_READ_THE_CLOCK = re.compile(
    r"(.*views|.*/tasks|.*/access|.*/middleware|.*/unchanged|verifyportal/health|settings_app/models/user|.*/management/commands/\w+|.*/admin"
    r"|verifyportal/dev/\w+)\.py"
)
MANAGER = re.compile(r"\.objects\b")
PIN = re.compile(r"""[A-Za-z0-9_.-]+(\[[\w,]+\])?==[0-9][\w.]*(; python_full_version < "[0-9.]+")?|\./vendor/\w+|-r requirements\.txt""")
FORBIDDEN_IN_TEMPLATES = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE),
    "an inline style": re.compile(r"<style|\sstyle=", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>{]*\son[a-z]+=", re.IGNORECASE),
    "a foreign address": re.compile(r"(src|href)=\"https?://", re.IGNORECASE),
}


def tracked(*patterns: str) -> list[Path]:
    """Every file that belongs to the product, as git knows it, committed or not yet."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).exists()]


def sources(*folders: str) -> list[Path]:
    """Python of our own making; migrations are made by a machine."""
    return [path for path in tracked(*(f"{folder}/*.py" for folder in folders or APPS)) if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end; what explains, the docstring, does not count."""
    assert node.end_lineno
    first = node.body[0]
    told = ast.get_docstring(node) is not None
    return node.end_lineno - node.lineno + 1 - (told * ((first.end_lineno or 0) - first.lineno + 1))


def marks(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    return {mark.id for decorator in node.decorator_list for mark in ast.walk(decorator) if isinstance(mark, ast.Name)}


def test_no_file_is_longer_than_300_lines() -> None:
    files = [*sources(*APPS, "tests", "benchmarks"), *tracked("*.html", "*.js", "*.css")]
    long = {name_of(path): lines for path in files if (lines := len(path.read_text("utf-8").splitlines())) > LONGEST_FILE}
    assert long == {}


def test_no_function_is_longer_than_40_lines() -> None:
    long = {
        f"{name_of(path)}:{node.name}": length(node)
        for path in sources(*APPS, "tests", "benchmarks")
        for node in functions(path)
        if length(node) > LONGEST_FUNCTION
    }
    assert long == {}


def test_no_view_is_longer_than_15_lines() -> None:
    views = [
        (name_of(path), node)
        for pattern in VIEW_MODULES
        for path in ROOT.glob(pattern)
        for node in functions(path)
        if marks(node) & set(VIEW_MARKS)
    ]
    assert len(views) > 10, "the house has views, so the rule must have found some"
    assert {f"{path}:{node.name}": length(node) for path, node in views if length(node) > LONGEST_VIEW} == {}


def test_only_lifecycle_writes_the_outcome() -> None:
    """R26: one door for every change of outcome."""
    writers = {name_of(path) for path in sources() for node in ast.walk(ast.parse(path.read_text("utf-8"))) if writes_outcome(node)}
    assert writers == {"sessions_app/lifecycle.py", "verifyportal/dev/demo/history.py"}, "the demonstration stores its past at once"


def writes_outcome(node: ast.AST) -> bool:
    """True for `x.outcome = …` and for `….update(outcome=…)`, `….create(outcome=…)` and a model made with it."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(part, ast.Attribute) and part.attr == "outcome" for target in targets for part in ast.walk(target))
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        by_keyword = any(keyword.arg == "outcome" for keyword in node.keywords)
        by_name = any(isinstance(part, ast.Constant) and part.value == "outcome" for argument in node.args for part in ast.walk(argument))
        return (by_keyword and called in ("update", "create", "update_or_create", "VerificationSession")) or (
            by_name and called in ("setattr", "bulk_update")
        )
    return False


@pytest.mark.parametrize("line", ["session.outcome = new", "found.update(outcome=new)", "a.outcome, b = 1, 2", "setattr(s, 'outcome', x)"])
def test_the_rule_of_one_writer_sees_every_way_to_write(line: str) -> None:
    assert any(writes_outcome(node) for node in ast.walk(ast.parse(line)))


def test_the_panel_reaches_sessions_through_its_company_only() -> None:
    """R81: what starts from `request.company` cannot reach another company."""
    panel = sources("sessions_app/panel", "settings_app/panel")
    assert panel, "there is a panel"
    assert [name_of(path) for path in panel if MANAGER.search(path.read_text("utf-8"))] == []


def test_the_clock_is_read_at_the_edges_only() -> None:
    readers = {name_of(path) for path in sources() for node in ast.walk(ast.parse(path.read_text("utf-8"))) if reads_the_clock(node)}
    assert {name for name in readers if not MAY_READ_THE_CLOCK.fullmatch(name)} == set()


def reads_the_clock(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (node.value.id, node.attr) in READS_THE_CLOCK


def test_no_module_is_named_for_its_shelf() -> None:
    shelved = {name_of(path) for path in sources(*APPS, "tests") if path.stem in SHELVES or path.parent.name in SHELVES}
    assert shelved - MAY_BE_NAMED_SO == set()


def test_every_template_says_what_it_needs() -> None:
    silent = [name_of(path) for path in tracked("templates/*.html") if not opening(path).startswith("{# context:")]
    assert silent == []


def opening(path: Path) -> str:
    """The first line, after `{% extends %}` where there is one: Django wants that first."""
    lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    return next((line for line in lines if not line.startswith("{% extends")), "")


@pytest.mark.parametrize("what", FORBIDDEN_IN_TEMPLATES)
def test_no_template_holds(what: str) -> None:
    """The content security policy would block it, or a stranger would serve it."""
    found = [name_of(path) for path in tracked("templates/*.html") if FORBIDDEN_IN_TEMPLATES[what].search(path.read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_exactly(file: str) -> None:
    lines = [line.strip() for line in (ROOT / file).read_text("utf-8").splitlines()]
    assert [line for line in lines if line and not line.startswith("#") and not PIN.fullmatch(line)] == []
