"""R37, R70: which pictures are shown, on which of them a check rests, and which faces are compared."""

from __future__ import annotations

import pytest
from django.test import Client

from checks_app.results import SessionFindings
from sessions_app.panel import photos
from sessions_app.panel.attempts import Try
from settings_app.models import Company
from tests import findings as given
from tests.factories import checked_session


def tries(panel: Client, company: Company, found: SessionFindings) -> list[Try]:
    made: list[Try] = panel.get(f"/sessions/{checked_session(found, company=company).public_id}/").context["tries"]
    return made


@pytest.mark.parametrize(
    ("check", "kind"),
    [
        ("FULL_DOCUMENT", "DOCUMENT_FRONT"),
        ("MRZ", "DOCUMENT_BACK"),
        ("SIDES_AGREE", "DOCUMENT_BACK"),
        ("LIVENESS", "LIVENESS"),
    ],
)
def test_check_opens_the_picture_that_it_rests_on(check: str, kind: str, panel: Client, company: Company) -> None:
    [made] = tries(panel, company, given.of_card())
    shown = {card.check: card.evidence for card in made.cards}[check]
    assert shown is not None
    assert shown.capture.kind == kind
    assert shown.anchor.startswith("photo-")  # the large one, not the small one beside the attempt


def test_faces_are_compared_where_both_were_found(panel: Client, company: Company) -> None:
    [made] = tries(panel, company, given.of_passport())
    assert made.pair is not None
    assert made.pair.selfie.face == (0.3, 0.2, 0.7, 0.8)


@pytest.mark.parametrize(
    "found", [given.of_passport(front=given.passport(portrait=None)), given.of_passport(selfie=given.selfie(face=None))]
)
def test_nothing_is_compared_where_a_face_is_missing(found: SessionFindings, panel: Client, company: Company) -> None:
    [made] = tries(panel, company, found)
    assert made.pair is None
    assert not any(card.compares for card in made.cards)


def test_face_keeps_its_place_in_the_portrait_that_is_cut_out() -> None:
    """The box of the face is 0.4 x 0.6; the margin of 35 % is cut at the picture's upper and lower edge."""
    assert photos.face_in_portrait(given.face()) == pytest.approx((0.14 / 0.68, 0.2, 0.54 / 0.68, 0.8))
