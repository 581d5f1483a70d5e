"""Ending with the parent: a child that has no more reason to live is ended by the system (Linux).

The system watches the thread that started the child, so that thread must live as long as the child
is wanted. See prctl(2), PR_SET_PDEATHSIG.
"""

from __future__ import annotations

import ctypes
import os
import signal

_PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int, by: signal.Signals) -> bool:
    """Have this process sent `by` when its parent ends; False if the parent has ended already."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, by, 0, 0, 0)
    return os.getppid() == parent
