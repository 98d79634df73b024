"""Sessions while everything dies around them: `./run bench faults --sessions 200 --poison --redis-away 60`.

A portal of the bench's own: PostgreSQL, Valkey, web server, a prefork worker and beat; visitors over real HTTP with drawn pictures,
inspected for real. The challenge is answered with one photo, as people do who cannot turn their head, because its sixty frames would
only cost time: a person decides such a session, so REVIEW is the right end of each. Beside it a queue of Celery's defaults, whose
tasks sleep, suffers the same faults. Exits with 1 when an aim is missed.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys

import django

from benchmarks import faults_stack


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench faults", description=__doc__)
    parser.add_argument("--sessions", type=int, default=200, help="sessions that go on while everything dies; 0 leaves this part out")
    parser.add_argument("--visitors", type=int, default=6, help="how many of them at the same time")
    parser.add_argument("--poison", action="store_true", help="a picture that kills its worker each time, among fifty sessions")
    parser.add_argument("--redis-away", type=int, default=0, metavar="SECONDS", help="submissions while the broker is away for so long")
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}", flush=True)
    with faults_stack.running() as stack:
        os.environ.update(stack.environment)
        django.setup()
        from benchmarks import faults_parts, faults_people  # read models

        people = faults_people.People(stack)
        met: list[bool] = []
        if options.sessions:
            met += faults_parts.everything_dies(people, options.sessions, options.visitors)
        if options.poison:
            met += faults_parts.poison(people, options.visitors)
        if options.redis_away:
            met += faults_parts.broker_away(people, options.redis_away)
    print(f"\n{sum(met)} of {len(met)} aims met, load {os.getloadavg()[0]:.1f}")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
