"""A batch of the demo bank: sessions that were created together, some of them begun."""

from __future__ import annotations

import random
import uuid
from datetime import datetime, timedelta

from sessions_app import answers, batches, lifecycle
from sessions_app.creation import NewSession
from settings_app.models import Company
from verifyportal.dev.demo import people

SIZE, COME, CONSENT = 25, 9, 5  # sessions; how many of the people open the link, and agree
AGO = timedelta(days=3)


def play(company: Company, *, seed: int, now: datetime) -> None:
    """Create the batch, let the first people come, cancel one, and fetch the links once."""
    chance, begun = random.Random(seed), now - AGO
    agent = company.users.order_by("pk")[1]
    given = [NewSession(reference=f"Spring campaign {place:03}", market=chance.choice(("GEO", "ESP"))) for place in range(1, SIZE + 1)]
    batch = batches.create(company=company, public_id=uuid.uuid4(), given=given, file_name="spring-campaign.csv", actor=agent, now=begun)
    batches.hand_out(batch=batch, actor=agent, now=begun + timedelta(minutes=1))
    for place, session in enumerate(batch.sessions.order_by("id")[:COME]):
        at = begun + timedelta(hours=chance.uniform(1, 60))
        answers.open_link(session=session, client=people.device(chance), now=at)
        if place < CONSENT:
            answers.consent(session=session, version="2026-11", language="en", now=at + timedelta(seconds=20))
    unwanted = batch.sessions.order_by("-id")[0]
    lifecycle.cancel(session=unwanted, actor=agent, now=begun + timedelta(hours=2))
