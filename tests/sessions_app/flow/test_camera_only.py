"""R47: a company may take no files. The server refuses them, the pages offer none, and nobody is left without a way."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from sessions_app import challenges, ingest, submission
from sessions_app.choices import CaptureKind, CaptureSource, CaptureState
from sessions_app.flow import words
from sessions_app.steps import Step
from settings_app.models import Company
from tests.factories import CompanyFactory, picture
from tests.sessions_app.flow.companion import ANDROID
from tests.sessions_app.flow.visitor import Visitor, inspected, jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def decoded_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child process that decodes pictures is tested elsewhere, and takes its time."""
    monkeypatch.setattr(ingest, "decode_all", lambda files: [picture() for _ in files])


CAMERA_STEPS = (Step.DOCUMENT_FRONT, Step.SELFIE, Step.LIVENESS)
REFUSAL = "takes no files. Please use the camera of this page"


def arrives(step: Step, **columns: Any) -> Visitor:
    return Visitor(company=CompanyFactory(name="Demo Bank", allow_uploads=False, **columns)).go_to(step)


@pytest.mark.parametrize("step", CAMERA_STEPS)
def test_file_is_refused_with_what_to_do_instead(step: Step) -> None:
    """R47: kindly, and nothing is stored."""
    visitor = arrives(step)
    before = visitor.session.captures.count()
    answer = visitor.send({Step.DOCUMENT_FRONT: "DOCUMENT_FRONT", Step.SELFIE: "SELFIE", Step.LIVENESS: "LIVENESS"}[step])
    assert answer.status_code == 422
    assert answer.json() == {"error": f"Demo Bank {REFUSAL}, or continue on your phone."}
    assert visitor.session.captures.count() == before


def test_phone_is_not_sent_to_another_phone() -> None:
    """R10: a phone never sees a code."""
    visitor = arrives(Step.DOCUMENT_FRONT)
    visitor.client.defaults["HTTP_USER_AGENT"] = ANDROID
    assert visitor.send("DOCUMENT_FRONT").json() == {"error": f"Demo Bank {REFUSAL}."}


def test_refusal_without_script_stands_on_the_page_of_the_step() -> None:
    visitor = arrives(Step.DOCUMENT_FRONT)
    page = visitor.send("DOCUMENT_FRONT", json=False)
    assert (page.status_code, REFUSAL in page.content.decode()) == (422, True)
    assert visitor.url("handover") in page.content.decode()


def test_picture_of_the_camera_is_taken() -> None:
    assert arrives(Step.DOCUMENT_FRONT).send("DOCUMENT_FRONT", source="CAMERA").status_code == 201


@pytest.mark.parametrize("step", CAMERA_STEPS)
@pytest.mark.parametrize("allowed", [True, False])
def test_page_offers_a_file_only_where_files_are_taken(step: Step, allowed: bool) -> None:
    visitor = arrives(step)
    Company.objects.update(allow_uploads=allowed)
    page = visitor.get().content.decode()
    assert ('type="file"' in page, "Choose a photo instead" in page) == (allowed, allowed and step is not Step.LIVENESS)
    assert "csrfmiddlewaretoken" in page


@pytest.mark.parametrize("step", CAMERA_STEPS)
def test_computer_without_a_camera_is_offered_the_phone(step: Step) -> None:
    """R10: without scripts by a link, with scripts by themselves."""
    visitor = arrives(step)
    page = visitor.get().content.decode()
    assert f'data-handover="{visitor.url("handover")}"' in page
    assert "your browser runs no scripts here" in page
    assert "Go on with your phone" in visitor.client.get(visitor.url("handover")).content.decode()


@pytest.mark.parametrize("step", CAMERA_STEPS)
def test_phone_without_a_camera_has_its_link_at_hand_for_another_device(step: Step) -> None:
    """No dead end: a phone has no code to show, and the message with the link may be on another one."""
    visitor = arrives(step)
    visitor.client.defaults["HTTP_USER_AGENT"] = ANDROID
    assert f'value="{settings.PUBLIC_BASE_URL}{visitor.link}"' in visitor.get().content.decode()


@pytest.mark.parametrize("system", ["Android 16", "iOS 19", "Windows 11"])
@pytest.mark.parametrize("for_computer", [True, False])
def test_no_remedy_names_a_photo_that_would_be_refused(system: str, for_computer: bool) -> None:
    told = words.for_camera(CaptureKind.SELFIE, system=system, in_app=False, for_computer=for_computer, files=False)
    assert [code for code, said in told["errors"].items() if "photo" in str(said["remedy"])] == []
    told = words.for_camera(CaptureKind.SELFIE, system=system, in_app=False, for_computer=for_computer, files=True)
    assert "photo" in str(told["errors"]["missing"]["remedy"])


def test_files_from_before_the_switch_stay_valid() -> None:
    """R5: nothing is asked twice."""
    visitor = Visitor().go_to(Step.DOCUMENT_FRONT)
    visitor.send("DOCUMENT_FRONT")
    inspected(visitor.session.captures.get())
    Company.objects.update(allow_uploads=False)
    assert visitor.step is Step.SELFIE
    assert visitor.go_to(Step.CHECKING).session.attempts.get().captures.filter(source=CaptureSource.FILE).exists()


def test_file_that_comes_again_after_the_switch_is_the_one_that_is_there() -> None:
    """R5: the answer to the first upload was lost."""
    visitor, key = Visitor().go_to(Step.DOCUMENT_FRONT), "0123456789abcdef"
    visitor.send("DOCUMENT_FRONT", upload_key=key)
    Company.objects.update(allow_uploads=False)
    assert visitor.send("DOCUMENT_FRONT", upload_key=key).status_code == 201
    assert visitor.session.captures.count() == 1


def test_switch_is_looked_at_once_more_before_a_file_is_stored() -> None:
    """It may have been turned while the file was being decoded."""
    visitor = Visitor().go_to(Step.DOCUMENT_FRONT)
    loaded = visitor.fresh()
    assert loaded.company.allow_uploads
    Company.objects.update(allow_uploads=False)
    with pytest.raises(submission.FilesNotTaken):
        submission.store_capture(
            session=loaded,
            kind=CaptureKind.DOCUMENT_FRONT,
            source=CaptureSource.FILE,
            upload_key="0123456789abcdef",
            uploads=[submission.Upload(jpeg())],
            now=timezone.now(),
        )
    assert not visitor.session.captures.exists()


def test_whoever_cannot_turn_his_head_sends_one_picture_of_the_camera() -> None:
    """R34: it proves nothing, so a person looks; and there is no dead end, also when all challenges are used up."""
    visitor = arrives(Step.LIVENESS)
    long_ago = timezone.now() - challenges.ANSWER_WITHIN
    for _ in range(challenges.MOST_DRAWN):
        challenges.issue(session=visitor.session, now=long_ago)
        visitor.session.challenges.update(expires_at=long_ago)
    assert 'data-action="one"' in visitor.get().content.decode()
    assert visitor.send("LIVENESS", source="CAMERA").status_code == 201
    assert visitor.session.captures.get(kind="LIVENESS").state == CaptureState.WAITING


def test_page_about_an_insecure_address_promises_no_photos() -> None:
    visitor = arrives(Step.DOCUMENT_FRONT)
    assert "can still send photos" not in visitor.client.get(visitor.url("handover")).content.decode()


def test_company_that_takes_files_is_not_touched_by_one_that_does_not() -> None:
    """R81"""
    arrives(Step.DOCUMENT_FRONT)
    assert Visitor().go_to(Step.DOCUMENT_FRONT).send("DOCUMENT_FRONT").status_code == 201
