"""The way from a figure of the metrics to exactly the sessions behind it (R50)."""

from __future__ import annotations

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

    Without a rate and a check: all finished sessions of the scope.
    """
    query = _outcomes(FINISHED) if rate is None else _of_rate(rate)
    query += [("closed_from", scope.first.isoformat()), ("closed_to", scope.last.isoformat())]
    query += [(name, value) for name, value in (("failed", check), ("unclear", unclear)) if value is not None]
    for name, value in (("market", scope.market), ("document", scope.document), ("device", scope.device)):
        if value is not None:
            query.append((name, value) if value else ("without", name))
    return f"{reverse('panel:session_list')}?{urlencode(query)}"


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
