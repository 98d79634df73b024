from __future__ import annotations

import pytest

from sessions_app.choices import EventKind
from sessions_app.lifecycle import note
from sessions_app.panel import invitation
from tests.factories import NOW, SessionFactory, UserFactory

pytestmark = pytest.mark.django_db
LANGUAGES = ("es", "ka", "ru")


def message(language: str, *, once_more: bool = False) -> str:
    user = UserFactory()
    session = SessionFactory(company=user.company, language=language)
    if once_more:
        note(session=session, kind=EventKind.REDO_ASKED, now=NOW)
    return invitation.show(session=session, actor=user, now=NOW).message


@pytest.mark.parametrize("once_more", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_message_with_the_link_is_worded_in_the_persons_language(language: str, once_more: bool) -> None:
    """R2: the company sends it on as it stands."""
    assert "open this link" not in message(language, once_more=once_more).lower()


@pytest.mark.parametrize("once_more", [False, True])
@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_message_holds_the_link(language: str, once_more: bool) -> None:
    """R2: whatever the language."""
    assert "/v/" in message(language, once_more=once_more)


def test_message_says_that_one_step_is_asked_again() -> None:
    """R24: the person is not left to think that everything begins anew."""
    assert "once more" in message("en", once_more=True)
    assert "once more" not in message("en")
