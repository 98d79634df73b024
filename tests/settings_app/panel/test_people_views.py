"""R46, R80: the page of people."""

from __future__ import annotations

import re
import smtplib
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone

from settings_app import invitation_mail, people
from settings_app.choices import AuditKind, Role
from settings_app.models import Company, User
from tests.factories import CompanyFactory, MasterFactory, UserFactory

PAGE = "/settings/people/"
LINK = re.compile(r'value="(http[^"]+/join/([\w-]{43})/)"')
ADDRESS = "nino@example.com"


@pytest.fixture
def company(db: None) -> Company:
    return CompanyFactory(name="Demo Bank", time_zone="Asia/Tbilisi")


@pytest.fixture
def master(company: Company) -> User:
    return MasterFactory(company=company, full_name="Ana Master")


@pytest.fixture
def desk(master: User) -> Client:
    return logged_in(master)


@pytest.fixture
def with_mail(settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def invite(desk: Client, by: str = "link", **given: str) -> Any:
    return desk.post(PAGE, {"email": ADDRESS, "role": "AGENT", "by": by, **given})


def token_in(answer: Any) -> str:
    found = LINK.search(answer.content.decode())
    assert found
    return found[2]


def test_page_names_colleagues_with_role_and_last_login(desk: Client, company: Company) -> None:
    UserFactory(company=company, full_name="Nino Kapanadze", email=ADDRESS)
    UserFactory(full_name="Of another company")
    page = desk.get(PAGE).content.decode()
    for words in ("Ana Master", "Master user", "Nino Kapanadze", ADDRESS, "Agent", "never"):
        assert words in page
    assert "Of another company" not in page


def test_nobody_is_offered_to_change_himself(desk: Client, master: User) -> None:
    assert f"/settings/people/{master.pk}/" not in desk.get(PAGE).content.decode()


def test_link_is_shown_once_and_stored_nowhere(desk: Client, company: Company) -> None:
    token = token_in(invite(desk))
    assert people.find_invitation(token_hash=people.hash_token(token), now=timezone.now()).company == company
    assert not LINK.search(desk.get(PAGE).content.decode())


def test_link_leads_to_this_portal(desk: Client, settings: Any) -> None:
    settings.PUBLIC_BASE_URL = "https://portal.example"
    found = LINK.search(invite(desk).content.decode())
    assert found
    assert found[1].startswith("https://portal.example/join/")


def test_page_with_a_link_is_kept_by_nobody(desk: Client) -> None:
    assert invite(desk).headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("given", "field"), [({"email": "nobody"}, "email"), ({"email": ""}, "email"), ({"role": "KING"}, "role")])
def test_what_is_no_invitation_is_refused_in_the_form(desk: Client, company: Company, given: dict[str, str], field: str) -> None:
    answer = invite(desk, **given)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not company.invitations.exists()


def test_colleague_is_not_invited_again(desk: Client, company: Company) -> None:
    UserFactory(company=company, email=ADDRESS)
    answer = invite(desk)
    assert answer.status_code == 422
    assert "Somebody here has this address already." in answer.content.decode()


def test_address_with_an_account_elsewhere_is_invited_like_any(desk: Client) -> None:
    """R81: the page does not tell who else is known to the portal."""
    UserFactory(email=ADDRESS)
    assert invite(desk).status_code == 200


def test_new_link_ends_the_old_one(desk: Client, company: Company) -> None:
    old = token_in(invite(desk))
    waiting = people.pending(company).get()
    new = token_in(desk.post(f"{PAGE}invitations/{waiting.public_id}/renew/"))
    assert people.find_invitation(token_hash=people.hash_token(new), now=timezone.now())
    with pytest.raises(people.InvitationOver):
        people.find_invitation(token_hash=people.hash_token(old), now=timezone.now())


def test_invitation_is_withdrawn(desk: Client, company: Company) -> None:
    token = token_in(invite(desk))
    waiting = people.pending(company).get()
    assert "is withdrawn" in desk.post(f"{PAGE}invitations/{waiting.public_id}/withdraw/", follow=True).content.decode()
    with pytest.raises(people.InvitationOver):
        people.find_invitation(token_hash=people.hash_token(token), now=timezone.now())


def test_expired_invitation_is_still_listed_and_says_so(desk: Client, master: User, company: Company) -> None:
    people.invite(company=company, email=ADDRESS, role=Role.AGENT, actor=master, now=timezone.now() - timedelta(days=8))
    page = desk.get(PAGE).content.decode()
    assert ADDRESS in page
    assert "Expired" in page


def test_invitation_of_somebody_who_may_invite_no_more_says_so(desk: Client, company: Company) -> None:
    former = MasterFactory(company=company, full_name="Gone Home")
    people.invite(company=company, email=ADDRESS, role=Role.AGENT, actor=former, now=timezone.now())
    User.objects.filter(pk=former.pk).update(role=Role.AGENT)
    assert "who is no master user any more, so the link opens nothing" in desk.get(PAGE).content.decode()


@pytest.mark.parametrize("act", ["renew", "withdraw"])
def test_invitation_of_another_company_is_not_found(desk: Client, act: str) -> None:
    """R81."""
    stranger = MasterFactory()
    assert stranger.company
    foreign = people.invite(company=stranger.company, email=ADDRESS, role=Role.AGENT, actor=stranger, now=timezone.now()).invitation
    for public_id in (foreign.public_id, uuid4()):
        assert desk.post(f"{PAGE}invitations/{public_id}/{act}/").status_code == 404
    foreign.refresh_from_db()
    assert foreign.withdrawn_at is None


@pytest.mark.parametrize("act", ["role", "deactivate", "reactivate"])
def test_person_of_another_company_is_not_found(desk: Client, act: str) -> None:
    """R81."""
    stranger = UserFactory()
    assert desk.post(f"{PAGE}{stranger.pk}/{act}/", {"role": "MASTER"}).status_code == 404
    stranger.refresh_from_db()
    assert (stranger.role, stranger.is_active) == (Role.AGENT, True)


@pytest.mark.parametrize("act", ["role", "deactivate", "reactivate"])
def test_agent_changes_nobody(company: Company, act: str) -> None:
    """R46."""
    agent, other = UserFactory(company=company), UserFactory(company=company)
    assert logged_in(agent).post(f"{PAGE}{other.pk}/{act}/", {"role": "MASTER"}).status_code == 403
    other.refresh_from_db()
    assert (other.role, other.is_active) == (Role.AGENT, True)


def test_role_is_saved(desk: Client, company: Company) -> None:
    agent = UserFactory(company=company)
    desk.post(f"{PAGE}{agent.pk}/role/", {"role": "MASTER"})
    agent.refresh_from_db()
    assert agent.is_master


def test_person_is_deactivated_and_let_in_again(desk: Client, company: Company) -> None:
    agent = UserFactory(company=company)
    for act, active in (("deactivate", False), ("reactivate", True)):
        desk.post(f"{PAGE}{agent.pk}/{act}/")
        agent.refresh_from_db()
        assert agent.is_active is active


@pytest.mark.parametrize("act", ["role", "deactivate"])
def test_oneself_is_refused_with_a_sentence(desk: Client, master: User, act: str) -> None:
    answer = desk.post(f"{PAGE}{master.pk}/{act}/", {"role": "AGENT"}, follow=True)
    assert "Nobody can change his own role or access" in answer.content.decode()


@pytest.mark.parametrize("act", ["role", "deactivate", "reactivate", "x/renew"])
def test_links_change_nothing(desk: Client, company: Company, act: str) -> None:
    """What changes something takes a POST."""
    agent = UserFactory(company=company)
    assert desk.get(f"{PAGE}{agent.pk}/{act}/").status_code in (404, 405)


def test_mail_is_not_offered_without_a_server(desk: Client) -> None:
    assert not invitation_mail.is_offered()
    assert 'value="mail"' not in desk.get(PAGE).content.decode()
    assert token_in(invite(desk, by="mail"))
    assert mail.outbox == []


def test_invitation_goes_by_mail_and_is_not_shown(desk: Client, with_mail: None) -> None:
    answer = invite(desk, by="mail")
    assert not LINK.search(answer.content.decode())
    sent = mail.outbox[0]
    assert (sent.to, sent.subject) == ([ADDRESS], "Demo Bank invites you to VerifyPortal")
    assert re.search(r"/join/[\w-]{43}/", str(sent.body))


def test_mail_that_cannot_be_sent_shows_the_link(
    desk: Client, with_mail: None, company: Company, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    """The invitation is never lost, and no log names the address or the link."""

    def refuse(*_: object) -> int:
        raise smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"no such user")})

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    answer = invite(desk, by="mail")
    token = token_in(answer)
    assert "did not take the e-mail" in answer.content.decode()
    assert people.find_invitation(token_hash=people.hash_token(token), now=timezone.now())
    assert ADDRESS not in caplog.text
    assert token not in caplog.text


def test_server_that_is_away_shows_the_link(desk: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 1
    assert token_in(invite(desk, by="mail"))


def test_line_break_in_the_name_of_a_company_forges_no_header(desk: Client, with_mail: None, company: Company) -> None:
    Company.objects.filter(pk=company.pk).update(name="Demo\r\nBcc: all@example.com")
    invite(desk, by="mail")
    assert mail.outbox[0].subject == "Demo Bcc: all@example.com invites you to VerifyPortal"


def test_invitation_is_audited_without_the_address(desk: Client, company: Company, master: User) -> None:
    invite(desk)
    event = company.audit_events.get(kind=AuditKind.PERSON_INVITED)
    assert event.actor == master
    assert ADDRESS not in str(event.details)


def test_page_asks_the_database_as_often_for_many_people(desk: Client, company: Company, django_assert_max_num_queries: Any) -> None:
    for _ in range(12):
        UserFactory(company=company)
    with django_assert_max_num_queries(12):
        desk.get(PAGE)
