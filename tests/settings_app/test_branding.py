"""A company's own look of the flow (R47)."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from settings_app import audit, branding
from settings_app.branding import NewLogo
from settings_app.choices import AuditKind, LogoPlate
from settings_app.models import Company, Logo, User
from tests.factories import NOW, MasterFactory

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG, as good as one"
LOGO = NewLogo(png=PNG, width=480, height=160, plate=LogoPlate.PALE)


@pytest.fixture
def master() -> User:
    return MasterFactory()


def company_of(master: User) -> Company:
    assert master.company
    return master.company


def change(master: User, **values: Any) -> bool:
    given = {"support_email": "", "colour": "", **values}
    return branding.change(company=company_of(master), actor=master, now=NOW, **given)


def stored(master: User) -> Company:
    return Company.objects.get(pk=company_of(master).pk)


def test_everything_is_stored_together(master: User) -> None:
    assert change(master, support_email="help@example.com", colour="#1a5fb4", logo=LOGO)
    company = stored(master)
    assert (company.support_email, company.brand_colour, bytes(company.logo.png)) == ("help@example.com", "#1a5fb4", PNG)


def test_logo_is_found_by_its_digest_alone(master: User) -> None:
    change(master, logo=LOGO)
    assert branding.picture(hashlib.sha256(PNG).hexdigest()) == PNG
    assert branding.picture("0" * 64) is None


def test_logo_stays_when_no_other_is_given(master: User) -> None:
    change(master, logo=LOGO)
    change(master, colour="#1a5fb4")
    assert branding.logo_of(company_of(master)) is not None


def test_dropped_logo_is_gone_also_from_its_address(master: User) -> None:
    change(master, logo=LOGO)
    assert change(master, drops_logo=True)
    assert (Logo.objects.count(), branding.picture(LOGO.sha256)) == (0, None)


def test_new_logo_wins_over_dropping_the_old_one(master: User) -> None:
    change(master, logo=LOGO)
    change(master, logo=NewLogo(png=b"another", width=10, height=10, plate=None), drops_logo=True)
    assert bytes(stored(master).logo.png) == b"another"


def test_change_is_audited_with_both_colours_and_without_picture_or_address(master: User) -> None:
    change(master, colour="#1a5fb4", logo=LOGO, support_email="nino@example.com")
    event = company_of(master).audit_events.get()
    changed = {"brand_colour": ["", "#1a5fb4"], "logo": None, "support_email": None}
    assert (event.kind, event.actor, event.details) == (AuditKind.BRANDING_CHANGED, master, {"changed": changed})
    assert audit.first_broken(company_of(master)) is None


def test_saving_the_same_again_leaves_no_trace(master: User) -> None:
    change(master, colour="#1a5fb4", logo=LOGO)
    assert not change(master, colour="#1a5fb4", logo=LOGO)
    assert company_of(master).audit_events.count() == 1


@pytest.mark.parametrize(("size", "shown"), [((480, 160), (144, 48)), ((480, 60), (160, 20)), ((40, 30), (40, 30)), ((480, 1), (160, 1))])
def test_logo_is_shown_within_its_frame(size: tuple[int, int], shown: tuple[int, int]) -> None:
    logo = Logo(width=size[0], height=size[1])
    assert (logo.shown_width, logo.shown_height) == shown
