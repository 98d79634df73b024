"""Who follows the challenge with a head is live, and nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from checks_app.face.detection import find_face
from checks_app.face.engine import DEFAULT_ENGINE, load_engine
from checks_app.face.match_level import load_calibration
from checks_app.face.matching import compare
from checks_app.faces import FaceBox
from checks_app.imaging import RgbImage
from checks_app.liveness.challenge import FLASH_STEP, Challenge, Frame, Move, phases
from checks_app.liveness.scoring import inspect_challenge
from checks_app.liveness.signals import spread
from checks_app.results import LivenessFindings, Reason
from checks_app.thresholds import DEFAULTS
from tests import heads
from tests.recordings import Attack, challenge_frames, page_times

ENGINE = load_engine()
CHALLENGE = Challenge((Move.LEFT, Move.UP, Move.CLOSER), "00")
OTHER_WAY = Challenge((Move.DOWN, Move.RIGHT, Move.LEFT), "01")
LOOKED_AT = spread(page_times(CHALLENGE))


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    """A person who follows the challenge, half a second behind the page."""
    return challenge_frames(CHALLENGE, seed=3, late_ms=500)


@pytest.fixture(scope="module")
def person(frames: list[Frame]) -> LivenessFindings:
    return inspect_challenge(frames, CHALLENGE, ENGINE)


def test_person_who_follows_is_live(person: LivenessFindings) -> None:
    """R34."""
    assert person.problems == person.liveness.reasons == ()
    assert person.liveness.score is not None
    assert person.liveness.score >= DEFAULTS.liveness.approve


def test_challenge_is_tied_to_the_face_of_the_selfie(person: LivenessFindings) -> None:
    """R33, R34."""
    selfie = find_face(heads.head(0), ENGINE)
    assert selfie is not None
    assert person.embedding is not None
    assert compare(person.embedding, selfie.embedding, load_calibration(DEFAULT_ENGINE)).level == 7


def test_person_who_looks_down_and_to_both_sides_is_live() -> None:
    """R34."""
    findings = inspect_challenge(challenge_frames(OTHER_WAY, seed=5, times=LOOKED_AT), OTHER_WAY, ENGINE)
    assert findings.liveness.reasons == ()
    assert (findings.liveness.score or 0) >= DEFAULTS.liveness.approve


@pytest.mark.parametrize(
    ("attack", "reason"),
    [
        (Attack.FLAT, Reason.FLAT_FACE),
        (Attack.BENT, Reason.FLAT_FACE),
        (Attack.STILL, Reason.FRAMES_REPEATED),
        (Attack.REPLAYED, Reason.CHALLENGE_NOT_FOLLOWED),
        (Attack.SWAPPED, Reason.FACE_CHANGED),
    ],
)
def test_pretence_is_denied_with_its_reason(attack: Attack, reason: Reason) -> None:
    """R34."""
    findings = inspect_challenge(challenge_frames(CHALLENGE, attack=attack, seed=4, times=LOOKED_AT), CHALLENGE, ENGINE)
    assert findings.liveness.reasons == (reason,)
    assert findings.liveness.score == 0.0


def test_stills_shown_in_turn_are_a_doubt() -> None:
    """R34: the head is in its places and never on its way; somebody very quick may look like that, too."""
    findings = inspect_challenge(challenge_frames(CHALLENGE, attack=Attack.SLIDES, seed=4, times=LOOKED_AT), CHALLENGE, ENGINE)
    assert findings.doubts == (Reason.FACE_SCREEN_SUSPECTED,)


def test_recording_of_one_challenge_does_not_answer_another(frames: list[Frame]) -> None:
    """R34: the same moves in another order."""
    findings = inspect_challenge(frames, Challenge((Move.LEFT, Move.CLOSER, Move.UP), "01"), ENGINE)
    assert findings.liveness.reasons == (Reason.CHALLENGE_NOT_FOLLOWED,)


def test_failed_challenge_is_no_matter_of_retaking(frames: list[Frame]) -> None:
    """R34: else a recording could be sent until a challenge fits it, at no cost."""
    assert inspect_challenge(frames[::-1], CHALLENGE, ENGINE).problems == ()


def _without_face(frames: Sequence[Frame], step: int) -> list[Frame]:
    return [replace(frame, image=np.full_like(frame.image, 120)) if frame.step == step else frame for frame in frames]


def test_face_missing_in_a_move_is_lost_and_not_scored(frames: list[Frame]) -> None:
    """R35."""
    findings = inspect_challenge(_without_face(frames, 2), CHALLENGE, ENGINE)
    assert findings.problems == (Reason.FACE_LOST,)
    assert findings.liveness.score is None
    assert findings.embedding is None


def test_face_out_of_sight_in_most_of_a_move_is_lost_and_not_half_hearted(frames: list[Frame]) -> None:
    """R35: somebody who turns too far is asked again, and not declined for the little that was seen."""
    hidden = _without_face(_without_face(frames[::2], 1), -1)
    glimpses = [seen if seen.at_ms < 2_500 else other for seen, other in zip(frames[::2], hidden, strict=True)]
    findings = inspect_challenge(glimpses, CHALLENGE, ENGINE)
    assert findings.problems == (Reason.FACE_LOST,)


def test_second_person_in_the_picture_is_a_problem_to_mend(frames: list[Frame]) -> None:
    """R35."""
    other = heads.head(0, face="stranger")[:, 150:490]
    crowded = [replace(frame, image=np.hstack([frame.image[:, 150:490], other])) for frame in frames[:10]]
    assert inspect_challenge(crowded, CHALLENGE, ENGINE).problems == (Reason.SEVERAL_FACES,)


@pytest.mark.parametrize("count", [0, 3])
def test_empty_pictures_show_no_face(count: int) -> None:
    """R34: fail closed."""
    empty = [Frame(np.zeros((120, 160, 3), np.uint8), 0, 200 * number) for number in range(count)]
    findings = inspect_challenge(empty, CHALLENGE, ENGINE)
    assert findings.problems == (Reason.NO_FACE,)
    assert findings.liveness.score is None


def test_one_still_is_unmeasured_and_not_asked_for_again(frames: list[Frame]) -> None:
    """R35: whoever cannot turn the head sends one photo; a person has to look at it."""
    findings = inspect_challenge(frames[:1], CHALLENGE, ENGINE)
    assert (findings.problems, findings.liveness.score) == ((), None)


@dataclass
class _Model:
    """The operator's model, which always says the same."""

    says: float | None
    threshold: float = 0.5

    def attack_score(self, image: RgbImage, face: FaceBox) -> float | None:
        return self.says


@pytest.mark.parametrize(("says", "doubts"), [(0.9, (Reason.ATTACK_SUSPECTED,)), (None, ())])
def test_model_of_the_operator_only_doubts(frames: list[Frame], says: float | None, doubts: tuple[Reason, ...]) -> None:
    """R34."""
    findings = inspect_challenge(frames[::3], CHALLENGE, ENGINE, _Model(says))
    assert findings.doubts == doubts
    assert findings.liveness.reasons == ()


def test_flashes_that_the_face_does_not_reflect_are_a_doubt(frames: list[Frame]) -> None:
    """R34."""
    flashing = replace(CHALLENGE, flashes=("#ff0000", "#00ff00", "#0000ff", "#ffff00"))
    last = frames[-1]
    shown = [
        replace(last, step=phase.step, at_ms=at_ms)
        for phase in phases(flashing)
        for at_ms in (phase.start_ms + 150, phase.start_ms + 350)
        if phase.step >= FLASH_STEP
    ]
    findings = inspect_challenge([*frames[::3], *shown], flashing, ENGINE)
    assert findings.doubts == (Reason.FLASH_NOT_REFLECTED,)
    assert findings.liveness.reasons == ()
