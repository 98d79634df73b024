"""The way from a figure of the metrics to exactly the sessions behind it (R50)."""

from __future__ import annotations

from functools import cache, lru_cache
from urllib.parse import urlencode

from django.urls import reverse

from checks_app.results import Check
from sessions_app.choices import Outcome
from sessions_app.metrics.rates import Rate
from sessions_app.metrics.reading import Scope

FINISHED = (Outcome.APPROVE, Outcome.REVIEW, Outcome.DECLINE, Outcome.ABANDONED)
"""The sessions of which every rate is a share."""

Query = list[tuple[str, str]]


def behind(scope: Scope, *, rate: Rate | None = None, check: Check | None = None, unclear: Check | None = None) -> str:
    """The address of the list with the sessions counted over the line of a rate, or in which a check failed or was unclear.

    Without a rate and a check: all finished sessions of the scope. A page of metrics has hundreds of such addresses, so what many of them
    share is put together once.
    """
    counted, narrowed = _counted(rate, check, unclear), _narrowed(scope.market, scope.document, scope.device)
    return f"{_list()}?{counted}&closed_from={scope.first}&closed_to={scope.last}{narrowed}"


@cache
def _list() -> str:
    return reverse("panel:session_list")


@cache
def _counted(rate: Rate | None, failed: Check | None, unclear: Check | None) -> str:
    query = _outcomes(FINISHED) if rate is None else _of_rate(rate)
    return urlencode([*query, *((name, value) for name, value in (("failed", failed), ("unclear", unclear)) if value is not None)])


@lru_cache(maxsize=512)
def _narrowed(market: str | None, document: str | None, device: str | None) -> str:
    named = (("market", market), ("document", document), ("device", device))
    return "".join(f"&{urlencode([(name, value) if value else ('without', name)])}" for name, value in named if value is not None)


def _of_rate(rate: Rate) -> Query:
    if rate is Rate.APPROVAL:
        return _outcomes((Outcome.APPROVE,))
    if rate is Rate.REJECTION:
        return [*_outcomes((Outcome.DECLINE,)), ("by", "checks")]
    if rate is Rate.ABANDONMENT:
        return _outcomes((Outcome.ABANDONED,))
    return [*_outcomes(FINISHED), ("retaken", "yes")]


def _outcomes(outcomes: tuple[Outcome, ...]) -> Query:
    return [("outcome", outcome.value) for outcome in outcomes]
