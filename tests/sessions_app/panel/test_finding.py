"""R61, R62: whatever is asked, the list shows what a plain scan of all sessions would, page by page in both directions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sessions_app import search
from sessions_app.choices import Outcome
from sessions_app.models import VerificationSession
from sessions_app.panel import counting, orders, paging
from sessions_app.panel.filters import SessionFilter
from sessions_app.panel.narrowing import Narrowing
from settings_app.models import Company
from tests.crowd import FIRST, KINDS, LAST, MARKETS, crowd
from tests.factories import NOW, CompanyFactory, finished_session

SESSIONS = 120
TBILISI = ZoneInfo("Asia/Tbilisi")
FAILED = {Outcome.DECLINE, Outcome.ABANDONED, Outcome.EXPIRED, Outcome.CANCELLED}

Asked = dict[str, list[str]]


@pytest.fixture
def company(db: None, monkeypatch: pytest.MonkeyPatch) -> Company:
    """Two companies with a crowd each, and looks so short that most questions need both."""
    for module, name, size in (
        (paging, "WINDOW", 12),
        (paging, "WINDOW_BY_NAME", 8),
        (counting, "FEW", 3),
        (counting, "COUNTED", 20),
    ):
        monkeypatch.setattr(module, name, size)
    company = CompanyFactory(time_zone="Asia/Tbilisi")
    crowd(company, SESSIONS)
    crowd(CompanyFactory(), SESSIONS, seed=2)
    return company


def pieces() -> st.SearchStrategy[str]:
    """Parts of words as somebody types them, from one character on, with some that nobody has."""
    words = st.sampled_from([word for name in (*FIRST, *LAST) for word in name.split()] + ["zzz", "---", "0", "1", "12", "A0"])
    return st.builds(lambda word, start, end: word[start:end].swapcase(), words, st.integers(0, 3), st.integers(1, 9))


def some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True)


QUESTIONS = st.fixed_dictionaries(
    {},
    optional={
        "q": st.lists(pieces(), min_size=1, max_size=3).map(lambda words: [" ".join(words)]),
        "document": some(["PASSPORT", "ID_CARD"]),
        "status": some(["success", "failed"]),
        "outcome": some(Outcome.values),
        "spoof": some(["digital_spoof", "not_full_id", "low_far"]),
        "level": some(["0", "3", "6", "7"]),
        "market": st.sampled_from([market for market in MARKETS if market]).map(lambda market: [market]),
        "from_day": st.sampled_from(["2026-11-20", "2026-11-22"]).map(lambda day: [day]),
        "to_day": st.sampled_from(["2026-11-20", "2026-11-21"]).map(lambda day: [day]),
    },
)


def narrowing_of(company: Company, asked: Asked) -> Narrowing:
    request: Any = RequestFactory().get("/")
    request.company = company
    data = QueryDict(mutable=True)
    for name, values in asked.items():
        data.setlist(name, values)
    return SessionFilter(data, queryset=company.sessions.all(), request=request).narrowing


def passes(session: VerificationSession, asked: Asked) -> bool:
    """The rule in plain words, without the database."""
    kind = session.document_kind or session.chosen_document
    status = "success" if session.outcome == Outcome.APPROVE else "failed" if session.outcome in FAILED else ""
    day = session.created_at.astimezone(TBILISI).date()
    tests: dict[str, Callable[[list[str]], bool]] = {
        "q": lambda texts: found_by_words(session, texts[0]),
        "document": lambda kinds: kind in kinds,
        "status": lambda statuses: status in statuses,
        "outcome": lambda outcomes: session.outcome in outcomes,
        "spoof": lambda flags: any(getattr(session, flag) for flag in flags),
        "level": lambda levels: str(session.match_level) in levels,
        "market": lambda markets: session.market in markets,
        "from_day": lambda days: day >= date.fromisoformat(days[0]),
        "to_day": lambda days: day <= date.fromisoformat(days[0]),
    }
    return all(tests[name](values) for name, values in asked.items() if values)


def found_by_words(session: VerificationSession, text: str) -> bool:
    """From three characters on a word is found anywhere in a word of the session, before that only where one begins."""
    wanted = search.normalise(text)
    if not wanted:
        return not text.strip()
    names = f"{session.first_name} {session.last_name} {session.personal_number} {session.document_number}"
    held = search.normalise(names)
    return all(any(word in one if len(word) >= 3 else one.startswith(word) for one in held) for word in wanted)


def sort_key(session: VerificationSession, order: orders.Order) -> tuple[Any, ...]:
    if order.by_date:
        return (session.created_at, session.pk)
    name = getattr(session, order.column).lower()
    return (bool(name) if order.descending else not name, name, session.pk)


def walk(company: Company, narrowing: Narrowing, order: orders.Order) -> Iterator[paging.Page]:
    """Every page to the last."""
    place = ""
    while True:
        page = paging.page_of(company.sessions.all(), narrowing, order, after=place, size=7)
        yield page
        if page.older is None:
            return
        place = str(page.older)


def walk_back(company: Company, narrowing: Narrowing, order: orders.Order, page: paging.Page) -> Iterator[paging.Page]:
    """From a page to the first."""
    while page.newer:
        page = paging.page_of(company.sessions.all(), narrowing, order, before=str(page.newer), size=7)
        yield page


def numbers(page: paging.Page) -> list[int]:
    return [session.pk for session in page.sessions]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=QUESTIONS, sort=st.sampled_from(["", "created_at", "first_name", "-first_name", "last_name", "-last_name"]))
def test_list_equals_a_scan_of_everything(company: Company, asked: Asked, sort: str) -> None:
    """R61, R62."""
    order, narrowing = orders.order_of(sort), narrowing_of(company, asked)
    everything = sorted(company.sessions.all(), key=lambda session: sort_key(session, order), reverse=order.descending)
    expected = [session.pk for session in everything if passes(session, asked)]
    assert [number for page in walk(company, narrowing, order) for number in numbers(page)] == expected
    assert set(narrowing.looked_up(company.sessions.all()).values_list("pk", flat=True)) == set(expected)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=QUESTIONS, sort=st.sampled_from(["", "created_at", "-first_name", "last_name"]))
def test_walking_back_shows_the_same_pages(company: Company, asked: Asked, sort: str) -> None:
    order, narrowing = orders.order_of(sort), narrowing_of(company, asked)
    forth = list(walk(company, narrowing, order))
    back = [forth[-1], *walk_back(company, narrowing, order, forth[-1])]
    assert [numbers(page) for page in reversed(back)] == [numbers(page) for page in forth]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=QUESTIONS)
def test_count_never_says_more_than_there_are(company: Company, asked: Asked) -> None:
    """The count at once is exact or a lower bound, and the count on demand is exact."""
    narrowing = narrowing_of(company, asked)
    true = sum(passes(session, asked) for session in company.sessions.all())
    shown = counting.at_once(company.sessions.all(), narrowing)
    assert shown.number == true if shown.is_exact else 0 < shown.number <= true
    assert counting.exactly(company.sessions.all(), narrowing) == true


def test_pages_stay_where_they_are_while_sessions_arrive(company: Company) -> None:
    narrowing, order = narrowing_of(company, {"status": ["success"]}), orders.order_of("")
    first, second, *_ = walk(company, narrowing, order)
    arrived = finished_session(company=company, now=NOW + timedelta(hours=1))
    assert numbers(paging.page_of(company.sessions.all(), narrowing, order, after=str(first.older), size=7)) == numbers(second)
    assert numbers(paging.page_of(company.sessions.all(), narrowing, order, before=str(second.newer), size=7)) == numbers(first)
    assert numbers(paging.page_of(company.sessions.all(), narrowing, order, size=7))[0] == arrived.pk


def test_crowd_has_every_kind(company: Company) -> None:
    """The tests above mean something: both looks are needed, and every filter divides the crowd."""
    assert company.sessions.count() == SESSIONS > paging.WINDOW
    assert set(company.sessions.values_list("document_kind", flat=True)) == set(KINDS)
    assert set(company.sessions.values_list("outcome", flat=True)) == set(Outcome.values)
