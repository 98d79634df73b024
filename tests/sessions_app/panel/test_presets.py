"""R62: days that are asked for most, as the company's clock has them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from sessions_app.panel.presets import presets
from settings_app.models import Company


@pytest.mark.parametrize(
    ("today", "label", "expected"),
    [
        (date(2026, 3, 31), "Today", (date(2026, 3, 31), date(2026, 3, 31))),
        (date(2026, 3, 1), "Yesterday", (date(2026, 2, 28), date(2026, 2, 28))),
        (date(2026, 3, 3), "Last 7 days", (date(2026, 2, 25), date(2026, 3, 3))),
        (date(2026, 3, 31), "Last 30 days", (date(2026, 3, 2), date(2026, 3, 31))),
        (date(2026, 3, 31), "This month", (date(2026, 3, 1), date(2026, 3, 31))),
        (date(2026, 3, 31), "Last month", (date(2026, 2, 1), date(2026, 2, 28))),
        (date(2028, 3, 1), "Last month", (date(2028, 2, 1), date(2028, 2, 29))),
        (date(2027, 1, 1), "Last month", (date(2026, 12, 1), date(2026, 12, 31))),
        (date(2027, 1, 1), "Yesterday", (date(2026, 12, 31), date(2026, 12, 31))),
    ],
)
def test_preset_spans_these_days(today: date, label: str, expected: tuple[date, date]) -> None:
    preset = next(preset for preset in presets(today, chosen=(None, None)) if preset.label == label)
    assert (preset.from_day, preset.to_day) == expected


@pytest.mark.parametrize(
    ("chosen", "marked"),
    [
        ((date(2026, 11, 22), date(2026, 11, 22)), ["Today"]),
        ((date(2026, 11, 1), date(2026, 11, 22)), ["This month"]),
        ((date(2026, 11, 2), date(2026, 11, 22)), []),
        ((date(2026, 11, 22), None), []),
        ((None, None), []),
    ],
)
def test_the_preset_that_is_asked_for_is_marked(chosen: tuple[date | None, date | None], marked: list[str]) -> None:
    assert [str(preset.label) for preset in presets(date(2026, 11, 22), chosen=chosen) if preset.is_chosen] == marked


MIDNIGHT_IN_TBILISI = datetime(2026, 3, 9, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "today"),
    [(MIDNIGHT_IN_TBILISI.replace(hour=19, minute=59), "2026-03-09"), (MIDNIGHT_IN_TBILISI, "2026-03-10")],
)
def test_today_begins_at_midnight_where_the_company_is(
    panel: Client, company: Company, monkeypatch: pytest.MonkeyPatch, now: datetime, today: str
) -> None:
    monkeypatch.setattr("sessions_app.panel.views.timezone.now", lambda: now)
    page = panel.get("/sessions/?q=nino&document=PASSPORT&after=x").content.decode()
    assert f'href="/sessions/?q=nino&amp;document=PASSPORT&amp;from_day={today}&amp;to_day={today}"' in page


def test_preset_replaces_the_days_that_were_asked_for(panel: Client, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sessions_app.panel.views.timezone.now", lambda: MIDNIGHT_IN_TBILISI)
    page: Any = panel.get("/sessions/?from_day=2026-03-10&to_day=2026-03-10").content.decode()
    assert 'href="/sessions/?from_day=2026-03-09&amp;to_day=2026-03-09"' in page
    assert page.count('aria-current="true">Today') == 1
