"""The page of metrics among a million sessions, beside ten COUNT queries: `./run bench metrics`.

Five figures of the last 30 days and of the 30 days before, for the company that has 600,000 sessions. The usual way counts each of
the ten among the sessions: written plainly, by the day of a session's end in the company's time zone; or by its moments, with an index
for them. The page shows markets, documents, devices, checks, days and charts besides. The ways take turns. CPU is that of the web
process and of the database's one process together. Then what an outcome costs more for being counted.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import statistics
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings
from django.utils import timezone

if TYPE_CHECKING:
    from benchmarks.costs import Costs

AIM = 20  # times
BOOTSTRAP_ROUNDS = 2_000
SLOW_ONES = 7  # requests of each list
PLAIN, INDEXED, READING, PAGE = "ten COUNTs, plainly", "ten COUNTs, indexed", "the reading alone", "the whole page"


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench metrics", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="sessions; six of ten belong to the company that is looked at")
    parser.add_argument("--n", type=int, default=40, help="rounds")
    parser.add_argument("--only", choices=("page", "lists", "outcome", "recount"), help="one part")
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.peers.settings"
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    django.setup()
    from benchmarks import databases
    from verifyportal.dev.prepare import collect_static

    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load()}\n")
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    collect_static()
    databases.use(options.rows)
    parts: dict[str, Callable[[], None]] = {
        "page": partial(show_page, options.n),
        "lists": show_lists,
        "outcome": partial(show_outcome, options.n),
        "recount": show_recount,
    }
    for name in [options.only] if options.only else parts:
        parts[name]()
    print(f"\nload at the end {load()}")


def show_page(n: int) -> None:
    from benchmarks.browser import Browser
    from benchmarks.million import LARGEST
    from sessions_app.metrics import recount
    from sessions_app.metrics.reading import Scope
    from settings_app.models import Company

    company = Company.objects.get(name=LARGEST)
    recount.ensure(company)
    today = timezone.now().astimezone(company.zone).date()
    scope = Scope(company, today - timedelta(days=29), today)
    agree(scope)
    ways: dict[str, Callable[[], object]] = {
        PLAIN: partial(count_plainly, scope),
        INDEXED: partial(count_ten, scope),
        READING: partial(read, scope),
        PAGE: partial(Browser.of_agent().get, "/metrics/"),
    }
    costs = in_turns(ways, n)
    for name, found in costs.items():
        print(f"  {name:20} {found}")
    for name, slow in ((READING, PLAIN), (PAGE, PLAIN), (READING, INDEXED), (PAGE, INDEXED)):
        for what, of in (("CPU", lambda cost: cost.cpu), ("wall", lambda cost: cost.wall)):
            ratio, low, high = ratio_of(costs[slow], costs[name], of)
            print(f"  {name:18} against {slow}, {what:4} {ratio:6.1f} times as quick, 95 % interval {low:.1f} to {high:.1f}; aim {AIM}")


def show_lists() -> None:
    """The list behind figures: common and rare, near and far."""
    from benchmarks.browser import Browser
    from benchmarks.costs import measured
    from benchmarks.million import LARGEST
    from checks_app.results import Check
    from sessions_app.metrics.rates import Rate
    from sessions_app.metrics.reading import Scope
    from sessions_app.panel.metric_links import behind
    from settings_app.models import Company

    agent, company = Browser.of_agent(), Company.objects.get(name=LARGEST)
    today = timezone.now().astimezone(company.zone).date()
    month = Scope(company, today - timedelta(days=29), today)
    stretches = {
        "30 days": month,
        "a day": replace(month, first=today - timedelta(days=3), last=today - timedelta(days=3)),
        "30 days a year ago": replace(month, first=today - timedelta(days=394), last=today - timedelta(days=365)),
        "a day, one market, PC": replace(
            month, first=today - timedelta(days=33), last=today - timedelta(days=33), market="ARM", device="PC"
        ),
    }
    print("\nthe list behind a figure")
    for name, scope in stretches.items():
        links = [behind(scope), *(behind(scope, rate=rate) for rate in Rate)]
        links += [behind(scope, check=Check.LIVENESS), behind(scope, unclear=Check.MRZ)]
        slowest = max((measured(partial(agent.get, link), SLOW_ONES) for link in links), key=lambda costs: costs.cpu)
        print(f"  {name:22} slowest of {len(links)}: {slowest}", flush=True)


def agree(scope: Any) -> None:
    """What is compared must be the same figures."""
    from sessions_app.metrics import reading
    from sessions_app.metrics.rates import Rate

    kept = [
        number
        for stretch in both_of(scope)
        for counts in [reading.totals(stretch)]
        for number in (counts.finished, *(counts.share_of(rate).n for rate in Rate))
    ]
    counted = count_ten(scope)
    if not kept == counted == count_plainly(scope):
        raise RuntimeError(f"The daily counts say {kept}, the sessions {counted}")
    print(f"{counted[0]:,} finished sessions in 30 days\n")


def both_of(scope: Any) -> tuple[Any, Any]:
    """A period and the one before it."""
    long = scope.last - scope.first + timedelta(days=1)
    return scope, replace(scope, first=scope.first - long, last=scope.last - long)


def count_plainly(scope: Any) -> list[int]:
    """As one writes it first: days as Django spells them."""
    with timezone.override(scope.company.zone):
        return counted(scope, lambda stretch: {"closed_at__date__range": (stretch.first, stretch.last)})


def count_ten(scope: Any) -> list[int]:
    """As one writes it when it was too slow: by the first moments of the days, for which there is an index."""
    from sessions_app.days import start_of

    zone = scope.company.zone
    return counted(
        scope,
        lambda stretch: {
            "closed_at__gte": start_of(stretch.first, zone),
            "closed_at__lt": start_of(stretch.last + timedelta(days=1), zone),
        },
    )


def counted(scope: Any, ends: Callable[[Any], dict[str, Any]]) -> list[int]:
    from sessions_app.choices import Outcome

    found = []
    for stretch in both_of(scope):
        finished = scope.company.sessions.filter(
            **ends(stretch), outcome__in=[Outcome.APPROVE, Outcome.REVIEW, Outcome.DECLINE, Outcome.ABANDONED]
        )
        found += [
            finished.count(),
            finished.filter(outcome=Outcome.APPROVE).count(),
            finished.filter(outcome=Outcome.DECLINE, decided_by_hand=False).count(),
            finished.filter(outcome=Outcome.ABANDONED).count(),
            finished.filter(forced_retries__gt=0).count(),
        ]
    return found


def read(scope: Any) -> Any:
    """The numbers of the page: both periods by day and market, by document and device, and the checks."""
    from django.http import QueryDict

    from sessions_app.panel.metrics_counts import read as numbers_of
    from sessions_app.panel.metrics_scope import asked_of

    return numbers_of(asked_of(QueryDict(), company=scope.company, now=timezone.now()))


def show_outcome(n: int) -> None:
    """End open sessions of which ten checks were judged, with and without the counts, and roll all of it back."""
    from django.db import transaction

    from benchmarks.million import LARGEST
    from sessions_app import lifecycle
    from sessions_app.choices import Outcome
    from sessions_app.metrics import rollup
    from sessions_app.models import VerificationSession
    from settings_app.models import Company

    with transaction.atomic():
        company, kept = Company.objects.get(name=LARGEST), rollup.count_move
        judged = company.sessions.filter(outcome=Outcome.APPROVE).values_list("judged_checks", flat=True)[0]
        pending = company.sessions.filter(outcome=Outcome.PENDING, opened_at__isnull=False)
        waiting = list(pending.order_by("-pk").values_list("pk", flat=True)[: 2 * n + 2])
        VerificationSession.objects.filter(pk__in=waiting).update(judged_checks=judged)

        def end(count: Callable[..., None]) -> None:
            lifecycle.rollup.count_move = count  # type: ignore[attr-defined]
            session = VerificationSession.objects.get(pk=waiting.pop())
            lifecycle.close_overdue(session=session, now=session.expires_at)

        costs = in_turns({"counted": partial(end, kept), "not counted": partial(end, lambda *_, **__: None)}, len(waiting) // 2 - 1)
        lifecycle.rollup.count_move = kept  # type: ignore[attr-defined]
        transaction.set_rollback(True)
    print(f"\nan outcome of a session with {len(judged)} checks, before its commit")
    for name, found in costs.items():
        print(f"  {name:20} {found}")
    added = costs["counted"].cpu - costs["not counted"].cpu
    print(f"  added              {added:.2f} CPU-ms")


def show_recount() -> None:
    from benchmarks.costs import measured
    from benchmarks.million import LARGEST
    from sessions_app.metrics import recount
    from settings_app.models import Company

    company = Company.objects.get(name=LARGEST)
    print(f"\na recount of {company.sessions.count():,} sessions\n  {'from scratch':18} {measured(lambda: wrong(recount, company), 3)}")


def wrong(recount: Any, company: Any) -> None:
    if found := recount.recount(company=company):
        raise RuntimeError(f"{found} counts were not right")


def in_turns(ways: dict[str, Callable[[], object]], n: int) -> dict[str, Costs]:
    """Each way once a round, after one round that is not measured."""
    from benchmarks.costs import Costs, measured_once

    found: dict[str, Costs] = {name: Costs([]) for name in ways}
    for number in range(n + 1):
        for name, work in ways.items():
            cost = measured_once(work)
            if number:
                found[name].each.append(cost)
    return found


def ratio_of(slow: Costs, quick: Costs, of: Callable[[Any], float]) -> tuple[float, float, float]:
    """The ratio of the medians, and its 95 % interval by drawing rounds with replacement."""
    chance, pairs = random.Random(1), list(zip(map(of, slow.each), map(of, quick.each), strict=True))

    def ratio(drawn: list[tuple[float, float]]) -> float:
        return statistics.median(first for first, _ in drawn) / statistics.median(second for _, second in drawn)

    drawn = sorted(ratio(chance.choices(pairs, k=len(pairs))) for _ in range(BOOTSTRAP_ROUNDS))
    return ratio(pairs), drawn[round(0.025 * BOOTSTRAP_ROUNDS)], drawn[round(0.975 * BOOTSTRAP_ROUNDS)]


def load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
