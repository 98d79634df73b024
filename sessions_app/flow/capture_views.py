"""Pictures in the hosted flow: sending one, asking what was found in it, and doing it again."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sessions_app import challenges, ingest, storage, submission
from sessions_app.choices import CaptureKind, CaptureSource
from sessions_app.flow import cameras, client, pages, retries
from sessions_app.flow.access import FlowRequest, at_step, flow_view, go_on, wants_json
from sessions_app.flow.forms import CaptureForm
from sessions_app.models import Capture
from sessions_app.steps import CAPTURE_STEPS, Step


@require_POST
@flow_view
def upload(request: FlowRequest) -> HttpResponse:
    """Take one picture, or the frames of a challenge. The same upload key again is the same capture."""
    form = CaptureForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refused(request, _("The picture did not arrive whole. Please try again."))
    try:
        capture = _store(request, form)
    except (ingest.UnreadableImage, storage.DiskFull) as refusal:
        return _refused(request, str(refusal), status=507 if isinstance(refusal, storage.DiskFull) else 422)
    except (challenges.ChallengeNotValid, submission.TooManyFrames):
        return _refused(request, _("That took too long. Please start the head movements again."))
    except submission.FilesNotTaken:
        return _refused(request, cameras.no_files(request))
    except submission.WrongStep:
        return go_on(request, note="elsewhere")
    return JsonResponse(pages.capture_state(capture, handle=request.handle), status=201) if wants_json(request) else go_on(request)


def _store(request: FlowRequest, form: CaptureForm) -> Capture:
    session, now, sent = request.verification, timezone.now(), form.cleaned_data
    nonce = sent["nonce"]
    if sent["kind"] == CaptureKind.LIVENESS and (sent["source"] == CaptureSource.FILE or not sent["frames"]):
        # Whoever cannot turn the head sends one still: it answers a challenge of its own and proves nothing, so a person will look.
        nonce = challenges.for_one_photo(session=session, via=request.transfer, now=now).nonce
    return submission.store_capture(
        session=session,
        kind=CaptureKind(sent["kind"]),
        source=CaptureSource(sent["source"]),
        upload_key=sent["upload_key"],
        uploads=form.uploads(),
        nonce=nonce,
        client=client.facts(request),
        via=request.transfer,
        now=now,
    )


def _refused(request: FlowRequest, sentence: str, *, status: int = 422) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"error": sentence}, status=status)
    return pages.show_current(request, status=status, error=sentence)


@require_safe
@flow_view
def state(request: FlowRequest, public_id: UUID) -> HttpResponse:
    """Asked every 300 ms after an upload."""
    return JsonResponse(pages.capture_state(_own(request, public_id), handle=request.handle))


@require_safe
@flow_view
def image(request: FlowRequest, public_id: UUID) -> HttpResponse:
    """The user's own picture, for as long as the session is open and shows it: the current one, and that which is to be done better."""
    capture = _own(request, public_id)
    if not request.verification.is_open or (capture.replaced_at and not retries.is_shown_again(capture)):
        raise Http404
    try:
        return HttpResponse(storage.read_image(pages.shown_image(capture)), content_type="image/jpeg")
    except storage.PictureMissing as missing:
        raise Http404 from missing


@require_POST
@flow_view
def keep(request: FlowRequest, public_id: UUID) -> HttpResponse:
    try:
        submission.keep_despite_problems(capture=_own(request, public_id), via=request.transfer, now=timezone.now())
    except submission.WrongStep:
        return go_on(request, note="elsewhere")
    return go_on(request)


@require_POST
@flow_view
@at_step(Step.OVERVIEW)
def retake(request: FlowRequest) -> HttpResponse:
    kind = request.POST.get("kind", "")
    if kind in set(CAPTURE_STEPS.values()):
        submission.retake(session=request.verification, kind=CaptureKind(kind), via=request.transfer, now=timezone.now())
    return go_on(request)


@require_POST
@flow_view
@at_step(Step.LIVENESS)
def challenge(request: FlowRequest) -> HttpResponse:
    """Asked when the user starts, and asked again after a reload: the answer is the same while it can still be followed."""
    now = timezone.now()
    try:
        issued = challenges.issue(session=request.verification, via=request.transfer, now=now)
    except challenges.ChallengesUsedUp:
        return _refused(request, _("That did not work out so far. Please send one photo of your face instead; a person will look at it."))
    return JsonResponse(pages.challenge_state(issued, now=now))


def _own(request: FlowRequest, public_id: UUID) -> Capture:
    return get_object_or_404(request.verification.captures, public_id=public_id)
