"""R46, R80: who is invited, who joins, what his role is, and that no company loses its last master user."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.test import Client

from settings_app import audit, people
from settings_app.choices import AuditKind, Role
from settings_app.models import Company, Invitation, User
from tests.concurrency import duels
from tests.factories import NOW, PASSWORD, CompanyFactory, MasterFactory, OperatorFactory, UserFactory

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
ADDRESS = "nino@example.com"


@pytest.fixture
def master() -> User:
    return MasterFactory()


@pytest.fixture
def company(master: User) -> Company:
    assert master.company
    return master.company


def invite(master: User, email: str = ADDRESS, *, role: Role = Role.AGENT, at: Any = NOW) -> people.Invited:
    assert master.company
    return people.invite(company=master.company, email=email, role=role, actor=master, now=at)


def join(token: str, *, password: str = PASSWORD, at: Any = NOW) -> User | None:
    return people.join(token_hash=people.hash_token(token), full_name="Nino Beridze", password=password, now=at)


def told(company: Company) -> list[tuple[str, dict[str, Any]]]:
    return [(event.kind, event.details) for event in company.audit_events.order_by("number")]


def test_invited_person_joins_with_the_role_that_was_given(master: User, company: Company) -> None:
    person = join(invite(master, role=Role.MASTER).token)
    assert person is not None
    assert (person.company, person.role, person.email, person.full_name) == (company, Role.MASTER, ADDRESS, "Nino Beridze")
    assert person.check_password(PASSWORD)
    assert not person.is_staff


def test_token_has_256_bits_and_only_its_hash_is_stored(master: User) -> None:
    invited = invite(master)
    assert len(invited.token) == 43
    row = Invitation.objects.filter(pk=invited.invitation.pk).values()[0]
    assert invited.token not in str(row)
    assert row["token_hash"] == people.hash_token(invited.token)


@pytest.mark.parametrize(
    ("after", "works"), [(timedelta(0), True), (people.LASTS - SECOND, True), (people.LASTS, False), (people.LASTS + SECOND, False)]
)
def test_invitation_lasts_seven_days(master: User, after: timedelta, works: bool) -> None:
    assert timedelta(days=7) == people.LASTS
    token = invite(master).token
    if works:
        assert join(token, at=NOW + after) is not None
    else:
        with pytest.raises(people.InvitationOver):
            join(token, at=NOW + after)


def test_invitation_works_once(master: User) -> None:
    token = invite(master).token
    join(token)
    with pytest.raises(people.InvitationOver):
        join(token)


def test_withdrawn_invitation_opens_nothing(master: User) -> None:
    invited = invite(master)
    assert people.withdraw(invitation=invited.invitation, actor=master, now=NOW)
    with pytest.raises(people.InvitationOver):
        join(invited.token)


def test_accepted_invitation_cannot_be_withdrawn(master: User, company: Company) -> None:
    invited = invite(master)
    join(invited.token)
    assert not people.withdraw(invitation=invited.invitation, actor=master, now=NOW)
    assert [kind for kind, _ in told(company)][-1] == AuditKind.PERSON_JOINED


@pytest.mark.parametrize("fate", [{"is_active": False}, {"role": Role.AGENT}])
def test_invitation_ends_with_the_rights_of_whoever_made_it(master: User, company: Company, fate: dict[str, Any]) -> None:
    """R46: a master who must go has no link of his own to come back by; a colleague's new one works."""
    token = invite(master, role=Role.MASTER).token
    User.objects.filter(pk=master.pk).update(**fate)
    with pytest.raises(people.InvitationOver):
        join(token)
    assert join(invite(MasterFactory(company=company)).token) is not None


@pytest.mark.parametrize("token", ["", "x", "a" * 43])
def test_unknown_token_opens_nothing(master: User, token: str) -> None:
    invite(master)
    with pytest.raises(people.InvitationOver):
        join(token)


@pytest.mark.parametrize("again", [ADDRESS, ADDRESS.upper(), f" {ADDRESS} "])
def test_new_invitation_ends_the_one_before(master: User, company: Company, again: str) -> None:
    """One open invitation per address and company, however the address is written."""
    old, new = invite(master), invite(master, again)
    assert [found.pk for found in people.pending(company)] == [new.invitation.pk]
    with pytest.raises(people.InvitationOver):
        join(old.token)
    assert join(new.token) is not None


def test_expired_invitation_can_be_renewed(master: User) -> None:
    invite(master)
    later = NOW + timedelta(days=30)
    assert join(invite(master, at=later).token, at=later) is not None


def test_database_keeps_one_open_invitation_per_address(master: User, company: Company) -> None:
    invited = invite(master).invitation
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            company=company, email=ADDRESS.upper(), token_hash="x", created_at=NOW, expires_at=invited.expires_at, invited_by=master
        )


def test_two_companies_may_invite_one_person(master: User) -> None:
    """R81: neither learns of the other."""
    other = invite(MasterFactory()).token
    invite(master)
    assert join(other) is not None


@pytest.mark.parametrize("active", [True, False])
def test_who_is_here_is_not_invited_again(master: User, company: Company, active: bool) -> None:
    UserFactory(company=company, email=ADDRESS, is_active=active)
    with pytest.raises(people.IsHereAlready):
        invite(master, ADDRESS.title())


@pytest.mark.parametrize("make", [UserFactory, OperatorFactory])
def test_account_that_exists_elsewhere_stays_as_it_is(master: User, company: Company, make: Callable[..., User]) -> None:
    """R81: an invitation moves nobody, changes no password and tells nothing."""
    there = make(email=ADDRESS)
    before = User.objects.filter(pk=there.pk).values()[0]
    assert join(invite(master).token, password="another long secret") is None
    assert User.objects.filter(pk=there.pk).values()[0] == before
    assert [kind for kind, _ in told(company)] == [AuditKind.PERSON_INVITED]


def test_only_an_active_master_of_the_company_may_act(master: User, company: Company) -> None:
    """R46: whoever was demoted a moment ago is refused, whatever his page still shows."""
    agent = UserFactory(company=company)
    for nobody in (agent, MasterFactory(), MasterFactory(company=company, is_active=False)):
        with pytest.raises(people.NotAMaster):
            people.invite(company=company, email=ADDRESS, role=Role.AGENT, actor=nobody, now=NOW)
        with pytest.raises(people.NotAMaster):
            people.deactivate(person=UserFactory(company=company), actor=nobody, now=NOW)


def test_role_changes_and_is_audited(master: User, company: Company) -> None:
    agent = UserFactory(company=company)
    people.change_role(person=agent, role=Role.MASTER, actor=master, now=NOW)
    agent.refresh_from_db()
    assert agent.is_master
    assert told(company) == [(AuditKind.PERSON_CHANGED, {"person": agent.pk, "changed": "role", "to": "MASTER"})]


def test_what_changes_nothing_leaves_no_trace(master: User, company: Company) -> None:
    agent = UserFactory(company=company)
    people.change_role(person=agent, role=Role.AGENT, actor=master, now=NOW)
    people.reactivate(person=agent, actor=master, now=NOW)
    assert told(company) == []


@pytest.mark.parametrize("act", [people.deactivate, people.reactivate, people.change_role])
def test_nobody_changes_his_own_role_or_access(master: User, act: Callable[..., None]) -> None:
    """R46: so nobody locks himself out, and the last master stays."""
    MasterFactory(company=master.company)
    more = {"role": Role.AGENT} if act is people.change_role else {}
    with pytest.raises(people.NotOneself):
        act(person=master, actor=master, now=NOW, **more)
    master.refresh_from_db()
    assert (master.is_active, master.role) == (True, Role.MASTER)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["demote", "deactivate"])
def test_two_masters_who_remove_each_other_leave_one(way: str) -> None:
    """R46: at once, again and again."""
    company = CompanyFactory()
    pair = [MasterFactory(company=company), MasterFactory(company=company)]

    def remove(actor: User, person: User) -> None:
        if way == "demote":
            people.change_role(person=person, role=Role.AGENT, actor=actor, now=NOW)
        else:
            people.deactivate(person=person, actor=actor, now=NOW)

    left = []

    def first(_: int) -> None:
        remove(pair[0], pair[1])

    def second(_: int) -> None:
        remove(pair[1], pair[0])

    for _ in range(6):
        User.objects.filter(company=company).update(role=Role.MASTER, is_active=True)
        answers = duels(1, first, second)[0]
        left.append(User.objects.filter(company=company, role=Role.MASTER, is_active=True).count())
        assert sum(isinstance(answer, people.NotAMaster) for answer in answers) == 1
    assert left == [1] * 6


@pytest.mark.django_db(transaction=True)
def test_link_that_is_used_twice_at_once_opens_one_account() -> None:
    token = invite(MasterFactory()).token
    answers = duels(1, lambda _: join(token), lambda _: join(token))[0]
    assert sorted(type(answer).__name__ for answer in answers) == ["InvitationOver", "User"]


def test_deactivated_person_is_out_with_the_next_request(master: User, company: Company) -> None:
    agent = UserFactory(company=company)
    browser = Client()
    browser.force_login(agent)
    assert browser.get("/match-levels/").status_code == 200
    people.deactivate(person=agent, actor=master, now=NOW)
    assert browser.get("/match-levels/").headers["Location"].startswith("/accounts/login/")


def test_browser_session_from_before_stays_dead_when_the_person_comes_back(master: User, company: Company) -> None:
    """A cookie that was stolen before is worth nothing after."""
    agent, other = UserFactory(company=company), UserFactory(company=company)
    browser, another = Client(), Client()
    browser.force_login(agent)
    another.force_login(other)
    people.deactivate(person=agent, actor=master, now=NOW)
    people.reactivate(person=agent, actor=master, now=NOW)
    assert browser.get("/match-levels/").status_code == 302
    assert another.get("/match-levels/").status_code == 200


def test_demoted_master_has_no_settings_with_the_next_request(master: User, company: Company) -> None:
    second = MasterFactory(company=company)
    browser = Client()
    browser.force_login(second)
    assert browser.get("/settings/people/").status_code == 200
    people.change_role(person=second, role=Role.AGENT, actor=master, now=NOW)
    assert browser.get("/settings/people/").status_code == 403


def test_everything_is_audited_by_ids_alone(master: User, company: Company) -> None:
    """R81: no address and no name stands in the trail."""
    invited = invite(master)
    again = invite(master)
    people.withdraw(invitation=again.invitation, actor=master, now=NOW)
    person = join(invite(master).token)
    assert person
    people.deactivate(person=person, actor=master, now=NOW)
    trail = told(company)
    assert [kind for kind, _ in trail] == [
        AuditKind.PERSON_INVITED,
        AuditKind.PERSON_INVITED,
        AuditKind.INVITATION_WITHDRAWN,
        AuditKind.PERSON_INVITED,
        AuditKind.PERSON_JOINED,
        AuditKind.PERSON_CHANGED,
    ]
    assert trail[0][1] == {"invitation": str(invited.invitation.public_id), "role": "AGENT"}
    assert not [words for words in (ADDRESS, "Nino", "Beridze") if words in str(trail)]
    assert audit.first_broken(company) is None


def test_members_are_those_of_the_company_with_their_second_factor(master: User, company: Company) -> None:
    agent = UserFactory(company=company)
    UserFactory()
    Authenticator.objects.create(user=agent, type=Authenticator.Type.TOTP, data={})
    assert [(person.pk, person.has_second_factor) for person in people.members(company)] == [(master.pk, False), (agent.pk, True)]  # type: ignore[attr-defined]
