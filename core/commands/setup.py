"""`setup`: unpack the bundled encoder."""

from __future__ import annotations

import argparse

from core.commands import Outcome
from core.commands.progress import ProgressBars
from core.encoders import bundled


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options: none of its own."""


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Unpack the encoder unless that was done before."""
    ready = bundled.is_unpacked()
    folder = bundled.unpack(bars.of("unpacking the encoder"))
    state = "was ready" if ready else "is ready now"
    return Outcome({"folder": str(folder)}, f"the bundled encoder {state}: {folder}")
