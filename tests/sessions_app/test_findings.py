"""Findings hold names, numbers and faces: sealed at rest, bound to their capture, and the same when read again."""

import json

import pytest

from checks_app.results import Quad, Reason
from sessions_app import findings
from sessions_app.choices import CaptureKind, CaptureState
from sessions_app.findings import Findings
from sessions_app.models import Capture
from settings_app import keys
from tests import findings as drawn
from tests.captures import add_capture, answered_session
from tests.factories import SessionFactory
from verifyportal import crypto

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (CaptureKind.DOCUMENT_FRONT, drawn.passport()),
        (CaptureKind.DOCUMENT_FRONT, drawn.passport(quad=None, mrz=None, fields=None, portrait=None, kind_by_shape=None)),
        (CaptureKind.DOCUMENT_FRONT, drawn.card_front(problems=(Reason.BLURRED, Reason.GLARE))),
        (CaptureKind.DOCUMENT_BACK, drawn.card_back(photocopy=drawn.measure(None, Reason.PHOTOCOPY_SUSPECTED))),
        (CaptureKind.DOCUMENT_BACK, drawn.card_back(fields=drawn.fields(birth_date=None, first_name="ЁЖ ნინო"))),
        (CaptureKind.SELFIE, drawn.selfie()),
        (CaptureKind.SELFIE, drawn.selfie(face=None, faces=0)),
        (CaptureKind.LIVENESS, drawn.liveness()),
        (CaptureKind.LIVENESS, drawn.liveness(embedding=None)),
    ],
)
def test_findings_read_again_are_what_was_found(kind: CaptureKind, found: Findings) -> None:
    """R43: replaying later must judge exactly what was judged."""
    capture = add_capture(answered_session(), kind, found)
    assert findings.read(Capture.objects.get(pk=capture.pk)) == found


def test_findings_stored_before_print_was_judged_are_still_read() -> None:
    """R43: what is new has a default."""
    older = {"printed_surely", "print_took_ms", "burst_frames"}
    capture = add_capture(answered_session(), CaptureKind.DOCUMENT_FRONT, drawn.passport())
    plain = {name: value for name, value in findings._converter().unstructure(drawn.passport()).items() if name not in older}
    del plain["fields"]["personal_number_valid"], plain["fields"]["names_cut"]
    sealed = crypto.seal(keys.key_of(capture.session.company), json.dumps(plain).encode(), context=findings._context(capture))
    Capture.objects.filter(pk=capture.pk).update(findings_sealed=sealed)
    read = findings.read(Capture.objects.get(pk=capture.pk))
    assert read == drawn.passport(printed_surely="", burst_frames=0)


def test_corners_keep_every_digit() -> None:
    quad = Quad(((0.1 + 0.2, 1 / 3), (0.9, 0.1), (0.9, 0.9), (0.1, 1e-17)))
    capture = add_capture(answered_session(), CaptureKind.DOCUMENT_FRONT, drawn.passport(quad=quad))
    read = findings.read(Capture.objects.get(pk=capture.pk))
    assert read == drawn.passport(quad=quad)


def test_stored_findings_show_neither_name_nor_number_nor_face() -> None:
    """Face embeddings are never stored but as encrypted findings."""
    capture = add_capture(answered_session(), CaptureKind.DOCUMENT_FRONT, drawn.passport())
    stored = bytes(Capture.objects.get(pk=capture.pk).findings_sealed or b"")
    assert not [word for word in (b"BERIDZE", b"NINO", b"12AB34567", b"embedding", b"mrz") if word in stored]
    with pytest.raises((ValueError, UnicodeDecodeError)):
        json.loads(stored)


def test_findings_moved_to_another_capture_do_not_open() -> None:
    session = answered_session()
    front = add_capture(session, CaptureKind.DOCUMENT_FRONT, drawn.passport())
    other = add_capture(answered_session(company=session.company), CaptureKind.DOCUMENT_FRONT, drawn.passport())
    other.findings_sealed = front.findings_sealed
    with pytest.raises(crypto.DoesNotOpen):
        findings.read(other)


def test_altered_findings_do_not_open() -> None:
    capture = add_capture(answered_session(), CaptureKind.SELFIE, drawn.selfie())
    altered = bytearray(bytes(capture.findings_sealed or b""))
    altered[-1] ^= 1
    capture.findings_sealed = bytes(altered)
    with pytest.raises(crypto.DoesNotOpen):
        findings.read(capture)


@pytest.mark.parametrize("state", [CaptureState.WAITING, CaptureState.CRASHED])
def test_capture_without_an_inspection_has_no_findings(state: CaptureState) -> None:
    capture = Capture(session=SessionFactory(), kind=CaptureKind.SELFIE, state=state)
    assert findings.read(capture) is None


@pytest.mark.parametrize("kind", list(CaptureKind))
def test_every_kind_of_capture_has_its_findings(kind: CaptureKind) -> None:
    assert kind in findings.FINDINGS_OF_KIND
