"""Memory that a training step frees, kept by the process for the next step."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from typing import Final

# Names of glibc's mallopt(3): no single allocation is a mapping of its own, none is given back.
_SETTINGS: Final = {"M_MMAP_MAX": (-4, 0), "M_TRIM_THRESHOLD": (-1, -1)}


def keep_freed_memory() -> bool:
    """Let this process keep what it frees, where its C library is glibc.

    By default every large array is mapped anew from the system and given back after use; a training
    step makes hundreds of them, and on a CPU the system's clearing of the pages took up to half of
    the step. What a step needs at most stays with the process, and no result changes.

    Returns:
        Whether the C library has taken it.
    """
    with suppress(OSError, AttributeError):  # another system or another C library
        change = ctypes.CDLL(None).mallopt
        return all(change(name, value) == 1 for name, value in _SETTINGS.values())
    return False
