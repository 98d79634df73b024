from sessions_app.models.attempt import Attempt
from sessions_app.models.capture import Capture, CaptureImage
from sessions_app.models.challenge import LivenessChallenge
from sessions_app.models.check_record import CheckRecord
from sessions_app.models.daily_count import DailyCheckCount, DailyCount
from sessions_app.models.drift_alert import DriftAlert
from sessions_app.models.note import Note
from sessions_app.models.possible_duplicate import PossibleDuplicate
from sessions_app.models.replay import ReplayLine, ReplayRun
from sessions_app.models.review import Review
from sessions_app.models.saved_view import SavedView
from sessions_app.models.session import VerificationSession
from sessions_app.models.session_batch import SessionBatch
from sessions_app.models.session_event import SessionEvent
from sessions_app.models.sweep_run import SweepRun
from sessions_app.models.transfer import Transfer, TransferCode

__all__ = [
    "Attempt",
    "Capture",
    "CaptureImage",
    "CheckRecord",
    "DailyCheckCount",
    "DailyCount",
    "DriftAlert",
    "LivenessChallenge",
    "Note",
    "PossibleDuplicate",
    "ReplayLine",
    "ReplayRun",
    "Review",
    "SavedView",
    "SessionBatch",
    "SessionEvent",
    "SweepRun",
    "Transfer",
    "TransferCode",
    "VerificationSession",
]
