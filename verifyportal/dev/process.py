"""Child processes that never outlive the process which started them."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1  # linux/prctl.h
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Account:
    """The user and group, by number, that a child runs as when root starts it."""

    uid: int
    gid: int


def die_with_parent(signal_number: int) -> Callable[[], None]:
    """Return a function for the child to call: the kernel then sends `signal_number` when the parent thread ends, however it ends.

    Linux only; elsewhere the function does nothing, and a killed parent leaves its children running.
    """
    if sys.platform != "linux":
        return lambda: None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def in_child() -> None:
        prctl(PR_SET_PDEATHSIG, signal_number)
        if os.getppid() != parent:  # the parent ended before the line above took effect
            os.kill(os.getpid(), signal.SIGKILL)

    return in_child


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
            preexec_fn=die_with_parent(orphan_signal),  # runs after the change of user, which would clear the signal
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
