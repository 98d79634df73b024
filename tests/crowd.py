"""Many sessions at once, of people in several scripts: what the list has to find and to order."""

from __future__ import annotations

import itertools
import random
import uuid
from datetime import timedelta

from sessions_app import search
from sessions_app.choices import Outcome
from sessions_app.models import VerificationSession
from settings_app.models import Company
from tests.factories import NOW

FIRST = ("Nino", "Ana", "Giorgi", "ნინო", "გიორგი", "Семён", "Олег", "محمد", "李", "José María", "Łukasz", "हिन्दी", "")
LAST = ("Beridze", "beridze", "Abashidze", "ბერიძე", "Королёв", "العربي", "小龙", "O’Brien-Wiśniewski", "Fernández", "Anino", "")
KINDS = ("PASSPORT", "ID_CARD", "")
MARKETS = ("GEO", "ESP", "")

_handles = itertools.count()


def crowd(company: Company, number: int, *, seed: int = 1) -> list[VerificationSession]:
    """Make sessions that share names, moments and results in every combination."""
    chance = random.Random(seed)
    return VerificationSession.objects.bulk_create(_session(company, position, chance) for position in range(number))


def _session(company: Company, position: int, chance: random.Random) -> VerificationSession:
    outcome = chance.choice(list(Outcome))
    first, last = chance.choice(FIRST), chance.choice(LAST)
    personal = f"{chance.randrange(10**11):011}" if first else ""
    document = f"{chance.choice('AB')}{chance.randrange(10**7):07}" if last else ""
    moment = NOW - timedelta(hours=position // 2)  # pairs share their moment
    handle = f"crowd{next(_handles)}"
    return VerificationSession(
        company=company,
        public_id=uuid.UUID(int=chance.getrandbits(128), version=4),
        token_hash=handle,
        token_sealed=b"",
        handle=handle,
        created_at=moment,
        expires_at=moment + timedelta(days=7),
        opened_at=None if outcome == Outcome.EXPIRED else moment,
        closed_at=None if outcome == Outcome.PENDING else moment,
        outcome=outcome,
        document_kind=chance.choice(KINDS),
        chosen_document=chance.choice(KINDS),
        market=chance.choice(MARKETS),
        match_level=chance.choice((None, 0, 3, 7)),
        digital_spoof=chance.random() < 0.1,
        not_full_id=chance.random() < 0.1,
        low_far=chance.random() < 0.02,
        first_name=first,
        last_name=last,
        personal_number=personal,
        document_number=document,
        search_text=search.search_text(first, last, personal, document),
    )
