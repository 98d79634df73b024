"""The file of a batch: its columns, and a check of every cell before anything is created (R7, R45)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sessions_app import batches, creation
from sessions_app.creation import NewSession
from sessions_app.panel import sheet, written_dates
from sessions_app.panel.forms import EXTRA_PREFIX, NewSessionForm
from sessions_app.panel.labels import type_of_text
from sessions_app.panel.sheet import Line, Sheet
from settings_app.choices import ExtraFieldType
from settings_app.models import Company, ExtraField

MOST_ROWS = 5000
FIXED = tuple(name for name in NewSessionForm.base_fields)
ADDRESS = "return_url"
SHOWN_LINES = 3


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell, in a whole row (no column), or in the file (no row either)."""

    words: str
    row: int | None = None
    column: str = ""


@dataclass(frozen=True, slots=True)
class Repeated:
    """A reference that stands in several rows, or in open sessions already (one row is enough then)."""

    reference: str
    rows: list[int]


@dataclass(frozen=True, slots=True)
class Checked:
    """A file and what was found in it. There is something to create when there is no problem."""

    problems: list[Problem]
    encoding: str = ""
    columns: list[str] = field(default_factory=list)
    first_lines: list[list[str]] = field(default_factory=list)
    given: list[NewSession] = field(default_factory=list)
    repeated: list[Repeated] = field(default_factory=list)
    already_open: list[Repeated] = field(default_factory=list)

    @property
    def is_doubtful(self) -> bool:
        return bool(self.repeated or self.already_open)


@dataclass(frozen=True, slots=True)
class Column:
    """A column as people read of it."""

    name: str
    words: type_of_text


class Columns:
    """What a company's file may hold, and how each cell becomes a value: by the fields of the form for one session."""

    def __init__(self, extra_fields: list[ExtraField], *, languages: Collection[str], today: date) -> None:
        self._fields = NewSessionForm(extra_fields=extra_fields, languages=languages, today=today).fields
        extra = {_extra_column(one.key): f"{EXTRA_PREFIX}{one.key}" for one in extra_fields}
        self.by_name = {name: name for name in FIXED} | extra
        self._folded = {name.casefold(): name for name in reversed(self.by_name)}
        self._seen: dict[tuple[str, str], Any] = {}

    def find(self, written: str) -> str | None:
        """Return the column that a head of the file means: in any case, with blanks instead of underscores."""
        if written in self.by_name:
            return written
        folded = written.casefold()
        return self._folded.get(folded) or self._folded.get(folded.replace(" ", "_"))

    def value(self, column: str, text: str, company: Company) -> Any:
        """Return the clean value of a cell; the same text is looked at once. Raises ValidationError."""
        if (column, text) not in self._seen:
            self._seen[column, text] = self._clean(column, text, company)
        return self._seen[column, text]

    def _clean(self, column: str, text: str, company: Company) -> Any:
        cell = self._fields[self.by_name[column]]
        if isinstance(cell, forms.ChoiceField) and column in FIXED:
            text = next((code for code in (text.upper(), text.lower()) if cell.valid_value(code)), text)  # people write codes in any case
        try:
            value = cell.clean(written_dates.read(text) if text and isinstance(cell, forms.DateField) else text)
            return creation.allowed_address(company, value) if column == ADDRESS else value
        except (written_dates.NotADay, creation.ReturnUrlNotAllowed) as refusal:
            raise ValidationError(str(refusal)) from refusal


def described(extra_fields: list[ExtraField], company: Company) -> list[Column]:
    """A company's columns in the order of the empty file, in words."""
    origins = ", ".join(company.allowed_return_origins)
    words: dict[str, type_of_text] = {
        "reference": _("Your own number for this person or case, up to 120 characters."),
        "market": _("Three letters, such as GEO. Decides which thresholds apply."),
        "language": ", ".join(f"{code} ({name})" for code, name in settings.LANGUAGES if code in company.languages),
        "return_url": _("Where the person goes when done. Begins with: %(origins)s") % {"origins": origins or _("none is allowed yet")},
        "expected_first_name": _("If given, the document must name this person."),
        "expected_last_name": _("If given, the document must name this person."),
        "expected_birth_date": _("As 1990-04-17; also 17.04.1990."),
    }
    extra = [Column(_extra_column(one.key), " · ".join(filter(None, [_type_of(one), one.help_text]))) for one in extra_fields]
    return [*(Column(name, words[name]) for name in FIXED), *extra]


def _type_of(one: ExtraField) -> str:
    kind = ", ".join(one.options) if one.options else str(ExtraFieldType(one.type).label)
    return f"{one.label}: {kind}"


def check(content: bytes, *, company: Company, extra_fields: list[ExtraField], today: date) -> Checked:
    """Look at the whole file. Nothing is created, and nothing of the file is kept."""
    columns = Columns(extra_fields, languages=company.languages, today=today)
    try:
        found = sheet.read(content, is_known=lambda head: columns.find(head) is not None, most=MOST_ROWS + 1)
    except sheet.NotReadable as error:
        return Checked([Problem(str(error))])
    names = [columns.find(head) for head in found.header]
    if wrong := list(_wrong_heads(found, names, columns)):
        return Checked(wrong, found.encoding)
    given, problems = _read(found.lines, names, columns, company)
    if problems:
        return Checked(problems, found.encoding)
    rows: dict[str, list[int]] = defaultdict(list)
    for line, one in zip(found.lines, given, strict=True):
        rows[one.reference].append(line.number)
    open_already = batches.open_references(company=company, references=set(rows))
    return Checked(
        problems,
        found.encoding,
        columns=[name or "" for name in names],
        first_lines=[line.cells for line in found.lines[:SHOWN_LINES]],
        given=given,
        repeated=[Repeated(reference, numbers) for reference, numbers in rows.items() if reference and len(numbers) > 1],
        already_open=[Repeated(reference, numbers) for reference, numbers in rows.items() if reference in open_already],
    )


def _wrong_heads(found: Sheet, names: list[str | None], columns: Columns) -> Iterator[Problem]:
    known = ", ".join(columns.by_name)
    for place, (head, name) in enumerate(zip(found.header, names, strict=True)):
        words = {"head": head, "number": place + 1, "known": known}
        if not head and any(len(line.cells) > place and line.cells[place] for line in found.lines):
            yield Problem(_("Column %(number)s has no name in the first row. Columns are: %(known)s.") % words)
        elif head and name is None:
            yield Problem(_("There is no column “%(head)s”. Columns are: %(known)s.") % words)
        elif name is not None and name in names[:place]:
            yield Problem(_("The column “%(head)s” stands there twice.") % words)
    if not found.lines:
        yield Problem(_("There is nothing below the first row, which names the columns."))
    if len(found.lines) > MOST_ROWS:
        yield Problem(_("The file has more than %(most)s rows. Create them in several batches.") % {"most": f"{MOST_ROWS:,}"})


def _read(lines: list[Line], names: list[str | None], columns: Columns, company: Company) -> tuple[list[NewSession], list[Problem]]:
    given: list[NewSession] = []
    problems: list[Problem] = []
    for line in lines:
        values: dict[str, Any] = {}
        for name, text in zip(names, line.cells, strict=False):
            try:
                if name:
                    values[name] = columns.value(name, text, company)
            except ValidationError as error:
                problems.append(Problem(" ".join(error.messages), line.number, name or ""))
        if any(line.cells[len(names) :]):
            problems.append(Problem(_("More cells than columns: a cell with a separator in it needs quotation marks."), line.number))
        given.append(_new_session(values, columns))
    return given, problems


def _new_session(values: dict[str, Any], columns: Columns) -> NewSession:
    extra = {columns.by_name[name].removeprefix(EXTRA_PREFIX): str(value) for name, value in values.items() if name not in FIXED and value}
    return NewSession(**{name: value for name, value in values.items() if name in FIXED}, extra_values=extra)


def _extra_column(key: str) -> str:
    """An extra field is named by its key, but for one that is called like a column that every company has."""
    return f"{EXTRA_PREFIX}{key}" if key.casefold() in FIXED else key
