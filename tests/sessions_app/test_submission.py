"""How pictures come in: nothing half-saved, nothing stored twice, nothing asked out of turn, no attempt but one a submission."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery.exceptions import OperationalError as QueueAway
from django.db import IntegrityError, transaction

from checks_app.results import Reason
from sessions_app import challenges, ingest, lifecycle, storage, submission, tasks
from sessions_app.choices import CaptureKind, CaptureSource, CaptureState, EventKind
from sessions_app.models import Attempt, Capture, CaptureImage, VerificationSession
from sessions_app.submission import Upload
from tests import files
from tests import findings as drawn
from tests.captures import CLIENT, add_capture, answered_session, processing_attempt, ready_session
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db

PICTURE = Upload(files.jpeg())
POOR = drawn.passport(problems=(Reason.GLARE,))


def send(session: VerificationSession, kind: CaptureKind = CaptureKind.DOCUMENT_FRONT, key: str = "upload-1", **changes: Any) -> Capture:
    usual: dict[str, Any] = {"source": CaptureSource.CAMERA, "uploads": [PICTURE], "now": NOW}
    return submission.store_capture(session=session, kind=kind, upload_key=key, **(usual | changes))


def files_under(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def nothing_saved(root: Path) -> bool:
    return not (files_under(root) or Capture.objects.exists() or CaptureImage.objects.exists())


def waiting_for(kind: CaptureKind) -> VerificationSession:
    session = answered_session()
    for earlier, found in ((CaptureKind.DOCUMENT_FRONT, drawn.passport()), (CaptureKind.SELFIE, drawn.selfie())):
        if earlier == kind:
            break
        add_capture(session, earlier, found)
    return session


def frames(count: int) -> list[Upload]:
    return [Upload(files.jpeg((40, 30)), step=number % 3, at_ms=number * 200) for number in range(count)]


def test_picture_is_stored_and_waits_for_inspection(capture_root: Path) -> None:
    session = answered_session()
    capture = send(session, client=CLIENT)
    capture.refresh_from_db()
    assert (capture.state, capture.kind, capture.source, capture.created_at) == (CaptureState.WAITING, "DOCUMENT_FRONT", "CAMERA", NOW)
    assert storage.read_image(capture.images.get()).startswith(b"\xff\xd8")
    assert len(files_under(capture_root)) == 1
    session.refresh_from_db()
    assert (session.device, session.browser, session.last_activity_at) == ("Mobile", "Firefox 140", NOW)
    assert session.events.get(kind=EventKind.CAPTURED).details == {"capture": "DOCUMENT_FRONT", "source": "CAMERA"}


def test_stored_picture_is_handed_to_the_workers_once_it_is_committed(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[int] = []
    monkeypatch.setattr(tasks.inspect_capture, "apply_async", lambda *, kwargs, retry: sent.append(kwargs["capture_id"]))
    with django_capture_on_commit_callbacks(execute=True):
        capture = send(answered_session())
        assert sent == []
    assert sent == [capture.pk]


def test_queue_that_is_down_refuses_nobody(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> None:
    """Redis may be away at any moment: the work is in the database, and the recovery sweep finds it."""

    def down(**_: Any) -> None:
        raise QueueAway("no broker")

    monkeypatch.setattr(tasks.inspect_capture, "apply_async", down)
    with django_capture_on_commit_callbacks(execute=True):
        capture = send(answered_session())
    assert Capture.objects.filter(pk=capture.pk).waiting(NOW).exists()


def test_frames_of_a_challenge_keep_order_step_and_time() -> None:
    session = waiting_for(CaptureKind.LIVENESS)
    nonce = challenges.issue(session=session, now=NOW).nonce
    capture = send(session, CaptureKind.LIVENESS, uploads=frames(4), nonce=nonce)
    assert list(capture.images.order_by("position").values_list("position", "step", "at_ms")) == [
        (0, 0, 0),
        (1, 1, 200),
        (2, 2, 400),
        (3, 0, 600),
    ]
    assert capture.challenge is not None
    assert capture.challenge.nonce == nonce


@pytest.mark.parametrize("beyond", [True, False])
@pytest.mark.parametrize("kind", [CaptureKind.DOCUMENT_FRONT, CaptureKind.SELFIE, CaptureKind.LIVENESS])
def test_capture_without_pictures_or_with_too_many_is_refused(capture_root: Path, kind: CaptureKind, beyond: bool) -> None:
    session = waiting_for(kind)
    nonce = challenges.issue(session=session, now=NOW).nonce
    with pytest.raises(submission.TooManyFrames):
        send(session, kind, uploads=[PICTURE] * (submission.MOST_IMAGES[kind] + 1 if beyond else 0), nonce=nonce)
    assert files_under(capture_root) == []


@pytest.mark.parametrize("kind", [CaptureKind.DOCUMENT_FRONT, CaptureKind.SELFIE])
def test_burst_is_stored_behind_its_picture(kind: CaptureKind) -> None:
    """R31, R33: the moments before the picture tell paper from a screen, and say more of a face."""
    most = submission.MOST_IMAGES[kind]
    capture = send(waiting_for(kind), kind, uploads=[PICTURE, *[Upload(files.jpeg((40, 30)))] * (most - 1)])
    sizes = list(capture.images.order_by("position").values_list("position", "width", "height"))
    assert sizes == [(0, 320, 240), *((position, 40, 30) for position in range(1, most))]


@pytest.mark.parametrize("nonce", ["", "0" * 32])
def test_frames_without_a_challenge_of_the_server_are_refused(nonce: str) -> None:
    """R34: the challenge is chosen by the server."""
    session = waiting_for(CaptureKind.LIVENESS)
    challenges.issue(session=session, now=NOW)
    with pytest.raises(challenges.ChallengeNotValid):
        send(session, CaptureKind.LIVENESS, uploads=frames(2), nonce=nonce)


def test_challenge_is_answered_once() -> None:
    session = waiting_for(CaptureKind.LIVENESS)
    nonce = challenges.issue(session=session, now=NOW).nonce
    send(session, CaptureKind.LIVENESS, key="upload-a", uploads=frames(2), nonce=nonce)
    with pytest.raises(challenges.ChallengeNotValid):
        send(session, CaptureKind.LIVENESS, key="upload-b", uploads=frames(2), nonce=nonce)


def test_same_upload_again_is_the_same_capture(capture_root: Path) -> None:
    """R4: an upload repeated after a lost connection costs nothing and stores nothing."""
    session = answered_session()
    first, second = send(session), send(session)
    assert first == second
    assert (Capture.objects.count(), CaptureImage.objects.count(), len(files_under(capture_root))) == (1, 1, 1)
    assert session.events.filter(kind=EventKind.CAPTURED).count() == 1


def test_same_upload_key_in_another_session_is_another_capture() -> None:
    assert send(answered_session()) != send(answered_session())


def test_newer_capture_takes_the_place_of_the_older_one(capture_root: Path) -> None:
    """R4: a retake before submit is no attempt; the older picture is kept."""
    session = answered_session()
    older, newer = send(session, key="upload-1"), send(session, key="upload-2", now=NOW + timedelta(seconds=5))
    assert list(session.captures.current()) == [newer]
    older.refresh_from_db()
    assert older.replaced_at == NOW + timedelta(seconds=5)
    assert len(files_under(capture_root)) == 2
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("kind", [kind for kind in CaptureKind if kind is not CaptureKind.DOCUMENT_FRONT])
def test_picture_out_of_turn_is_refused(capture_root: Path, kind: CaptureKind) -> None:
    """R5, R12: the current step lives on the server."""
    with pytest.raises(submission.WrongStep):
        send(answered_session(), kind)
    assert nothing_saved(capture_root)


def test_picture_while_the_attempt_is_checked_is_refused() -> None:
    session = ready_session()
    processing_attempt(session)
    with pytest.raises(submission.WrongStep):
        send(session)


@pytest.mark.parametrize(("late", "taken"), [(-1, True), (0, False), (1, False)])
def test_picture_is_taken_until_the_link_expires(capture_root: Path, late: int, taken: bool) -> None:
    """R3: 7 d - 1 s, 7 d, 7 d + 1 s."""
    session = answered_session()
    moment = session.expires_at + timedelta(seconds=late)
    if taken:
        assert send(session, now=moment).pk
    else:
        with pytest.raises(lifecycle.SessionClosed):
            send(session, now=moment)
        assert nothing_saved(capture_root)


def test_session_cancelled_during_the_upload_takes_nothing(capture_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was true before the slow decoding is looked at again under the lock."""
    session = answered_session()
    decode = ingest.decode_all

    def cancel_meanwhile(data: Any) -> Any:
        lifecycle.cancel(session=VerificationSession.objects.get(pk=session.pk), actor=UserFactory(company=session.company), now=NOW)
        return decode(data)

    monkeypatch.setattr(ingest, "decode_all", cancel_meanwhile)
    with pytest.raises(lifecycle.SessionClosed):
        send(session)
    assert nothing_saved(capture_root)


@pytest.mark.parametrize("data", [b"", b"text", files.animated("WEBP"), files.png_header(18_000, 18_000), files.jpeg()[:1500]])
def test_refused_file_leaves_no_row_and_no_file(capture_root: Path, data: bytes) -> None:
    session = answered_session()
    with pytest.raises(ingest.UnreadableImage):
        send(session, uploads=[Upload(data)])
    assert nothing_saved(capture_root)
    assert not session.events.filter(kind=EventKind.CAPTURED).exists()


def test_poor_picture_can_be_kept_from_the_second_one_on() -> None:
    """R35: whoever cannot do better goes on, and the checks judge what there is."""
    session = answered_session()
    first = add_capture(session, CaptureKind.DOCUMENT_FRONT, POOR)
    with pytest.raises(submission.WrongStep):
        submission.keep_despite_problems(capture=first, now=NOW)
    second = add_capture(session, CaptureKind.DOCUMENT_FRONT, POOR)
    submission.keep_despite_problems(capture=second, now=NOW)
    assert Capture.objects.get(pk=second.pk).is_usable
    assert not Capture.objects.get(pk=first.pk).is_usable


def test_poor_pictures_of_another_kind_do_not_count() -> None:
    session = answered_session()
    add_capture(session, CaptureKind.SELFIE, drawn.selfie(problems=(Reason.BLURRED,)))
    front = add_capture(session, CaptureKind.DOCUMENT_FRONT, POOR)
    assert not submission.may_keep(front)


def test_retake_drops_one_picture_and_costs_no_attempt() -> None:
    """R4: a retake before submit is no attempt."""
    session = ready_session()
    submission.retake(session=session, kind=CaptureKind.SELFIE, now=NOW)
    assert set(session.captures.current().values_list("kind", flat=True)) == {CaptureKind.DOCUMENT_FRONT, CaptureKind.LIVENESS}
    assert not session.attempts.exists()


def test_nothing_is_retaken_under_the_checks() -> None:
    session = ready_session()
    processing_attempt(session)
    with pytest.raises(lifecycle.BeingChecked):
        submission.retake(session=session, kind=CaptureKind.SELFIE, now=NOW)
    assert session.captures.current().count() == 3


def test_database_refuses_two_current_captures_of_one_kind() -> None:
    session = answered_session()
    add_capture(session, CaptureKind.SELFIE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Capture.objects.create(session=session, kind=CaptureKind.SELFIE, source=CaptureSource.CAMERA, upload_key="another", created_at=NOW)


def test_database_refuses_a_liveness_capture_without_its_challenge() -> None:
    """R34: nobody sends frames that nobody asked for."""
    session = answered_session()
    with pytest.raises(IntegrityError), transaction.atomic():
        Capture.objects.create(
            session=session, kind=CaptureKind.LIVENESS, source=CaptureSource.CAMERA, upload_key="another", created_at=NOW
        )
