"""Child processes that never outlive the process which started them."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from verifyportal.lifeline import end_with_parent

POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Account:
    """The user and group, by number, that a child runs as when root starts it."""

    uid: int
    gid: int


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    orphan_signal: signal.Signals,
    env: Mapping[str, str] | None = None,
    account: Account | None = None,
    keep_open: Sequence[int] = (),
    text: str | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, output appended to `log`.

    orphan_signal: what the kernel sends it when we die. keep_open: descriptors that it inherits. text: its standard input.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        child = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL if text is None else subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if env is None else dict(env),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops its children in order
            pass_fds=keep_open,
            preexec_fn=partial(end_with_parent, orphan_signal, os.getpid()),  # runs after the change of user, which would clear the signal
        )
    if text is not None and child.stdin:
        child.stdin.write(text.encode())
        child.stdin.close()
    return child


def stop(child: subprocess.Popen[bytes], *, with_signal: signal.Signals, patience: float) -> bool:
    """Ask `child` to end and wait `patience` seconds; then kill its whole session. Return whether it ended by itself."""
    if child.poll() is None:
        child.send_signal(with_signal)
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            return False
    return True


def last_lines(log: Path, count: int = 20) -> str:
    """Return the end of `log`, or an empty string when there is none."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
