"""Ending with one's parent: the kernel's promise that a killed process leaves no children working on."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def end_with_parent(signal_number: int, parent: int) -> None:
    """Called in a child: have the kernel send it `signal_number` when the thread that started it ends, however that ends.

    parent: the process id of that parent, so that one which ended a moment ago is noticed. Linux only; elsewhere nothing happens.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
