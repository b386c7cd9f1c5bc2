"""Memory that is freed stays with a process that wants to keep it."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# Pages that are touched anew over ten rounds of making and freeing an array of 40 MB.
PROGRAM = """
import resource, sys
import numpy as np
from core.training.memory import keep_freed_memory

if sys.argv[1] == "keep":
    assert keep_freed_memory()
for number in range(12):
    if number == 2:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    np.ones(5_000_000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the setting is glibc's")
def test_freed_memory_is_used_again_without_the_system() -> None:
    faults = {
        how: int(
            subprocess.run(
                [sys.executable, "-c", PROGRAM, how],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
        for how in ("keep", "default")
    }
    assert faults["keep"] * 20 < faults["default"], faults
