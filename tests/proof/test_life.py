"""R3, R4, R11, R20-R26: whatever happens to a session, in whatever order, it is where it must be.

500 runs of 50 steps with new chances each time. The long proof, and how a run that failed is had once more:

    PROOF_RUNS=10000 ./run test tests/proof/test_life.py
    PROOF_SEED=12345 PROOF_SHRINK=1 ./run test tests/proof/test_life.py

The last lines tell the seed and how much was done, also after Ctrl-C. PROOF_SHRINK makes what failed as short as it can be, in
some minutes.
"""

from __future__ import annotations

import os
import secrets
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test

from tests.factories import CompanyFactory, MasterFactory, UserFactory
from tests.proof.backstage import Backstage
from tests.proof.machine import STEPS, SessionMachine

RUNS = int(os.environ.get("PROOF_RUNS", "500"))
SEED = int(os.environ.get("PROOF_SEED", "0")) or secrets.randbelow(10**9)
PHASES = (Phase.generate, Phase.shrink) if os.environ.get("PROOF_SHRINK") else (Phase.generate,)
AT_A_TIME = 100
"""Runs under one seed; a fresh one after them, so that hypothesis does not remember ten thousand lives."""


@pytest.mark.django_db(transaction=True)
def test_whatever_happens_the_session_is_where_it_must_be(backstage: Backstage) -> None:
    """R3, R4, R5, R8, R11, R12, R14, R20-R24, R26."""
    company = CompanyFactory(duplicate_faces=False)
    people = {"agent": UserFactory, "colleague": UserFactory, "master": MasterFactory}
    SessionMachine.stage, SessionMachine.company = backstage, company
    SessionMachine.staff = {name: make(company=company) for name, make in people.items()}
    chance = settings(
        max_examples=AT_A_TIME,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=PHASES,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    for seed in count(SEED):
        run_state_machine_as_test(seeded(seed)(SessionMachine), settings=chance)
        if SessionMachine.told["runs"] >= RUNS:
            return
