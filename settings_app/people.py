"""The people of a company: who is asked to join, who may do what, and who may no longer come in (R46, R80).

Every change takes the company's row first, so that two masters cannot take the last role from each other at the same moment.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from settings_app import audit
from settings_app.choices import AuditKind, Role
from settings_app.models import Company, Invitation, User

LASTS = timedelta(days=7)
"""How long an invitation can be accepted."""

TOKEN_BYTES = 32


class NotOneself(ValueError):
    """Nobody changes his own role or access. So nobody locks himself out, and the last master user always stays one."""


class NotAMaster(PermissionDenied):
    """Who wants the change is no active master user of the company any more."""


class IsHereAlready(ValueError):
    """The address belongs to somebody of the company."""


class InvitationOver(ValueError):
    """The invitation opens nothing (any more); why is told to nobody."""


@dataclass(frozen=True, slots=True)
class Invited:
    """A new invitation. token: the secret of its link; it is known here and never again."""

    invitation: Invitation
    token: str


def members(company: Company) -> QuerySet[User]:
    """Everybody of the company, active people first; each knows `has_second_factor`."""
    second = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    return company.users.annotate(has_second_factor=Exists(second)).order_by("-is_active", "-role", "full_name", "email")


def pending(company: Company) -> QuerySet[Invitation]:
    """Invitations that nobody has accepted or withdrawn; expired ones too, newest first."""
    return company.invitations.filter(accepted_at=None, withdrawn_at=None).select_related("invited_by").order_by("-created_at", "-pk")


@transaction.atomic
def invite(*, company: Company, email: str, role: Role, actor: User, now: datetime) -> Invited:
    """Ask somebody to join. An earlier invitation of the same address is withdrawn: its link dies. Raises IsHereAlready or NotAMaster."""
    _lock(company, actor)
    address = email.strip().lower()
    if company.users.filter(email__iexact=address).exists():
        raise IsHereAlready(address)
    company.invitations.filter(email=address, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation.objects.create(
        company=company,
        email=address,
        role=role,
        token_hash=hash_token(token),
        invited_by=actor,
        created_at=now,
        expires_at=now + LASTS,
    )
    audit.record(
        company=company, kind=AuditKind.PERSON_INVITED, actor=actor, now=now, invitation=str(invitation.public_id), role=invitation.role
    )
    return Invited(invitation, token)


@transaction.atomic
def withdraw(*, invitation: Invitation, actor: User, now: datetime) -> bool:
    """Let an invitation's link die. False: it is accepted or withdrawn already. Raises NotAMaster."""
    _lock(invitation.company, actor)
    still = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not still.update(withdrawn_at=now):
        return False
    audit.record(
        company=invitation.company, kind=AuditKind.INVITATION_WITHDRAWN, actor=actor, now=now, invitation=str(invitation.public_id)
    )
    return True


def stands(invitation: Invitation) -> bool:
    """Whether whoever invited might still do so: a master who must go leaves himself no link to come back by."""
    by = invitation.invited_by
    return by is None or (by.is_active and by.is_master)


def find_invitation(*, token_hash: str, now: datetime) -> Invitation:
    """Return the invitation of a link while it can be accepted. Raises InvitationOver."""
    found = Invitation.objects.select_related("company", "invited_by").filter(token_hash=token_hash).first()
    if found is None or not (found.is_open(now) and stands(found)):
        raise InvitationOver
    return found


def join(*, token_hash: str, full_name: str, password: str, now: datetime) -> User | None:
    """Open the account of an invited person. None: the address has an account already, which stays as it is.

    Either way takes the same time, so that no clock tells which it was. Raises InvitationOver.
    """
    hashed = make_password(password)
    company = find_invitation(token_hash=token_hash, now=now).company
    try:
        with transaction.atomic():
            Company.objects.select_for_update(no_key=True).get(pk=company.pk)
            invitation = find_invitation(token_hash=token_hash, now=now)
            person = User(company=company, email=invitation.email, role=invitation.role, full_name=full_name, date_joined=now)
            person.password = hashed
            person.save(force_insert=True)
            Invitation.objects.filter(pk=invitation.pk).update(accepted_at=now)
            audit.record(
                company=company,
                kind=AuditKind.PERSON_JOINED,
                actor=person,
                now=now,
                invitation=str(invitation.public_id),
                person=person.pk,
                role=person.role,
            )
    except IntegrityError:
        return None
    return person


@transaction.atomic
def change_role(*, person: User, role: Role, actor: User, now: datetime) -> None:
    """Make a colleague a master user or an agent; it counts from his next click. Raises NotOneself or NotAMaster."""
    locked = _lock_person(person, actor)
    if locked.role != role:
        _change(locked, actor=actor, now=now, column="role", value=role)


@transaction.atomic
def deactivate(*, person: User, actor: User, now: datetime) -> None:
    """Keep a colleague out: his open browser sessions end, and what he holds in review is free. Raises NotOneself or NotAMaster."""
    locked = _lock_person(person, actor)
    if locked.is_active:
        _change(locked, actor=actor, now=now, column="is_active", value=False)
        _end_browser_sessions(locked, now=now)


@transaction.atomic
def reactivate(*, person: User, actor: User, now: datetime) -> None:
    """Let a colleague in again, with the role and the password that he had. Raises NotOneself or NotAMaster."""
    locked = _lock_person(person, actor)
    if not locked.is_active:
        _change(locked, actor=actor, now=now, column="is_active", value=True)


def hash_token(token: str) -> str:
    """Return what is stored of an invitation's token, as 64 hexadecimal characters. Random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def _lock(company: Company, actor: User) -> None:
    Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    if not User.objects.filter(pk=actor.pk, company=company, role=Role.MASTER, is_active=True).exists():
        raise NotAMaster


def _lock_person(person: User, actor: User) -> User:
    """Return a colleague as he stands now, with nobody else changing people of the company meanwhile."""
    if person == actor:
        raise NotOneself
    company = person.company
    if company is None:  # operators are kept in order elsewhere
        raise NotAMaster
    _lock(company, actor)
    return User.objects.select_for_update(no_key=True, of=("self",)).get(pk=person.pk, company=company)


def _change(person: User, *, actor: User, now: datetime, column: str, value: str | bool) -> None:
    User.objects.filter(pk=person.pk).update(**{column: value})
    assert person.company
    kind = AuditKind.PERSON_CHANGED
    audit.record(company=person.company, kind=kind, actor=actor, now=now, person=person.pk, changed=column, to=str(value))


def _end_browser_sessions(person: User, *, now: datetime) -> None:
    """Forget them, so that none of them comes alive again when the person is let in again."""
    for stored in Session.objects.filter(expire_date__gt=now).iterator():
        if stored.get_decoded().get(SESSION_KEY) == str(person.pk):
            stored.delete()
