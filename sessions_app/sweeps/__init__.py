"""What the scheduler does again and again. Each sweep is safe to run twice, at once with another, or not for a week."""

from sessions_app.sweeps.drift import watch_for_drift
from sessions_app.sweeps.expiry import close_overdue_sessions
from sessions_app.sweeps.leftovers import drop_leftovers
from sessions_app.sweeps.past import catch_up
from sessions_app.sweeps.phones import end_transfers
from sessions_app.sweeps.recovery import recover_overdue
from sessions_app.sweeps.retention import erase_old_pictures
from sessions_app.sweeps.runs import Sweep
from sessions_app.sweeps.stuck import watch_for_stuck

__all__ = [
    "Sweep",
    "catch_up",
    "close_overdue_sessions",
    "drop_leftovers",
    "end_transfers",
    "erase_old_pictures",
    "recover_overdue",
    "watch_for_drift",
    "watch_for_stuck",
]
