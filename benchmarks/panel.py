"""The list of sessions and its export among a million, beside what one would write otherwise: `./run bench panel`.

Whole requests through the portal's middleware, in one process: the panel's page, stock Django admin, plain django-tables2 with
django-filter, all showing 25 rows of the company that has 600,000 sessions; the export beside psql's COPY of the same query and beside
values_list with csv.writer. CPU is that of the web process and of the database's backend together; the database answers with one
process. Ways take turns, so that a busy moment of the machine meets all of them.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.conf import settings

if TYPE_CHECKING:
    from benchmarks.costs import Costs

TABLES2, ADMIN = "tables2 + filter", "stock admin"
ADMIN_LIST = "/peer/admin/sessions_app/verificationsession/"
FAR = 10_000  # pages


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench panel", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="sessions; six of ten belong to the company that is looked at")
    parser.add_argument("--small", type=int, default=100_000, help="sessions of the database that growth is measured against")
    parser.add_argument("--n", type=int, default=40, help="requests of ours; the peers' are counted by what they cost")
    parser.add_argument("--only", choices=("list", "export", "transfer"), help="one part")
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.peers.settings"
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    django.setup()
    from benchmarks import databases, panel_exports, transfers
    from verifyportal.dev.prepare import collect_static

    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load()}\n")
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    collect_static()
    databases.use(options.small)
    small = first_pages(options.n) if options.only in (None, "list") else {}
    databases.use(options.rows)
    if options.only in (None, "export"):  # first, while the process is small: the peers of the list leave memory behind
        panel_exports.show()
    if options.only in (None, "list"):
        lists(options.n, small)
    if options.only in (None, "transfer"):
        transfers.show()
    print(f"\nload at the end {load()}")


def first_pages(n: int) -> dict[str, float]:
    """CPU-ms of the cheap questions, for the growth."""
    from benchmarks.browser import Browser
    from benchmarks.costs import measured

    agent = Browser.of_agent()
    return {path: measured(partial(agent.get, path), n).cpu for path in ("/sessions/", "/sessions/?q=ni")}


def lists(n: int, small: dict[str, float]) -> None:
    from benchmarks.browser import Browser

    agent, operator = Browser.of_agent(), Browser.of_operator()
    place, page = agent.place_of(FAR), FAR if agent.rows() > FAR * 25 else agent.rows() // 50
    number = agent.a_personal_number()[:6]
    searches = {
        "1 character": "n",
        "2 characters": "ni",
        "6 characters": "beridz",
        "6 digits": number,
        "no match": "qqzzxx",
        "Georgian": "ბერიძ",
    }

    def ways(ours: str, peers: str) -> dict[str, Callable[[], object]]:
        return {
            "ours": partial(agent.get, f"/sessions/?{ours}"),
            TABLES2: partial(agent.get, f"/peer/tables/?{peers}"),
            ADMIN: partial(operator.get, f"{ADMIN_LIST}?{peers.replace('page=', 'p=')}"),
        }

    first = compare("first page", ways("", ""), n, {TABLES2: 10, ADMIN: 40})
    print(f"{'':18} aim: at most 25 CPU-ms: {first['ours'].cpu:.1f}\n")
    far = compare(f"page {page:,}", ways(f"after={place}", f"page={page}"), n, {TABLES2: 15})
    print(f"{'':18} aim: at most 1.3 of the first page: {far['ours'].cpu / first['ours'].cpu:.2f}\n")
    worst: dict[str, Costs] = {}
    for name, text in searches.items():
        worst[name] = compare(f"search, {name}", ways(f"q={text}", f"q={text}"), n, {TABLES2: 40})["ours"]
        print()
    slowest = max(worst, key=lambda name: worst[name].cpu)
    print(
        f"slowest search: {slowest}, p50 {worst[slowest].cpu:.1f}, p95 {worst[slowest].quantile(0.95, lambda c: c.cpu):.1f} CPU-ms; aim 120"
    )
    again = first_pages(n)
    for path, before in small.items():
        print(f"growth of {path:18} from {before:.1f} to {again[path]:.1f} CPU-ms: {again[path] / before:.2f}; aim at most 1.3")
    print()


def compare(what: str, ways: dict[str, Callable[[], object]], n: int, aims: dict[str, int]) -> dict[str, Costs]:
    """Let the ways take turns in rounds, print them, and the peers as multiples of ours."""
    from benchmarks.costs import Costs, measured

    first = {name: measured(work, 1) for name, work in ways.items()}
    counts = {name: max(2, min(n, round(4000 / (cost.cpu + 1)))) for name, cost in first.items()}  # four seconds each, at least twice
    rounds = min(counts.values())
    found: dict[str, Costs] = {name: Costs([]) for name in ways}
    for _ in range(rounds):
        for name, work in ways.items():
            found[name].each.extend(measured(work, counts[name] // rounds).each)
    print(what)
    for name, costs in found.items():
        ratio = f"   {costs.cpu / found['ours'].cpu:6.1f} x ours" if name != "ours" else ""
        aim = f", aim {aims[name]}" if name in aims else ""
        print(f"  {name:16} {costs}{ratio}{aim}", flush=True)
    return found


def load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
