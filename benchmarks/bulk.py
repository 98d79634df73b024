"""What a batch costs: `./run bench bulk --rows 5000`. Side by side with as many sessions created one by one.

Reads a file with every column filled, creates its sessions, and makes the file of their links; each step once a round.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import django

LIKE_A_BANK = ("phone", "email")
MEGABYTE = 1024  # kilobytes, of ru_maxrss


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench bulk", description=__doc__)
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    django.setup()
    measure(rows=options.rows, rounds=options.rounds)


def measure(*, rows: int, rounds: int) -> None:
    """Print seconds on the clock of each step: the median, and from the quickest to the slowest round."""
    from sessions_app import batches, creation
    from sessions_app.panel import batch_file, bulk

    company, actor = found_company()
    fields, content, now = list(company.extra_fields.order_by("position")), file_of(rows), datetime.now(UTC)
    spent: dict[str, list[float]] = {}
    for _ in range(rounds):
        with timed(spent, "look at the file"):
            checked = batch_file.check(content, company=company, extra_fields=fields, today=now.date())
        if checked.problems:
            raise SystemExit(f"the file of this benchmark is wrong: {checked.problems[:3]}")
        with timed(spent, "create them as a batch"):
            batch = batches.create(
                company=company, public_id=uuid.uuid4(), given=checked.given, file_name="bench.csv", actor=actor, now=now
            )
        with timed(spent, "make the file of links"):
            bulk.link_file(batch, batches.hand_out(batch=batch, actor=actor, now=now))
        with timed(spent, "create them one by one"):
            for one in checked.given:
                values = {name: getattr(one, name) for name in one.__slots__}
                creation.create_session(company=company, created_by=actor, now=now, **values)
    print(f"{rows:,} rows, {len(content) / 1e6:.1f} MB, {rounds} rounds; seconds, median (quickest-slowest)")
    for name, seconds in spent.items():
        print(f"  {name:24} {statistics.median(seconds):7.2f}  ({min(seconds):.2f}-{max(seconds):.2f})")
    print(f"  most memory held by this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE:.0f} MiB")


@contextmanager
def timed(spent: dict[str, list[float]], name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    spent.setdefault(name, []).append(time.perf_counter() - began)


def file_of(rows: int) -> bytes:
    heads = "reference;market;language;return_url;expected_first_name;expected_last_name;expected_birth_date;phone;email"
    lines = (
        f"Loan {row:05};geo;ka;https://bank.example/done?loan={row};Nino {row % 700};Beridze {row % 900};"
        f"{1 + row % 28}.04.{1940 + row % 60};+995555{row:06};customer{row}@mail.example"
        for row in range(rows)
    )
    return "\r\n".join([heads, *lines]).encode()


def found_company() -> tuple[Any, Any]:
    from settings_app import keys
    from settings_app.choices import Role
    from settings_app.models import Company, User

    name = f"Bench {uuid.uuid4().hex[:8]}"
    company = Company(name=name, allowed_return_origins=["https://bank.example"], created_at=datetime.now(UTC))
    keys.give_key(company)
    company.save(force_insert=True)
    for place, (key, kind) in enumerate(zip(LIKE_A_BANK, ("PHONE", "EMAIL"), strict=True)):
        company.extra_fields.create(key=key, label=key, type=kind, position=place)
    return company, User.objects.create_user(f"{uuid.uuid4().hex}@bench.example", company=company, role=Role.AGENT)


if __name__ == "__main__":
    main()
