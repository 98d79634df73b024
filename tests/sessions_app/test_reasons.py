"""R25: reasons are codes with two texts."""

import pytest
from django.utils import translation

from checks_app.results import Reason
from sessions_app import reasons
from sessions_app.choices import OutcomeReason, ReviewReason
from sessions_app.models import Attempt, Capture, CheckRecord, VerificationSession

CODES = [*(reason.value for reason in Reason), *OutcomeReason.values, *ReviewReason.values]


@pytest.mark.parametrize("code", CODES)
def test_every_reason_has_a_text_for_the_user_and_another_for_staff(code: str) -> None:
    with translation.override("en"):
        user, staff = str(reasons.user_text(code)), str(reasons.staff_text(code))
    assert user.endswith((".", "!"))
    assert staff
    assert user != staff


def test_no_text_stands_for_a_reason_that_does_not_exist() -> None:
    assert set(reasons.TEXTS) == set(CODES)


def test_user_is_never_told_the_names_of_checks_or_scores() -> None:
    """R25: the user is told what to do, not how to cheat."""
    with translation.override("en"):
        texts = " ".join(str(reasons.user_text(code)) for code in CODES).lower()
    assert not [word for word in ("score", "threshold", "spoof", "level", "mrz", "check digit") if word in texts]


def test_unknown_code_is_an_error() -> None:
    with pytest.raises(KeyError):
        reasons.user_text("SUNSPOTS")


@pytest.mark.parametrize(
    ("model", "column"), [(VerificationSession, "reasons"), (Attempt, "reasons"), (CheckRecord, "reasons"), (Capture, "problems")]
)
def test_every_code_fits_its_columns(model: type, column: str) -> None:
    assert max(map(len, CODES)) <= model._meta.get_field(column).base_field.max_length  # type: ignore[attr-defined]
