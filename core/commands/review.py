"""`review`: projects, their runs, every decision of the page Review, and the way in and out."""

from __future__ import annotations

import argparse
from types import MappingProxyType

from core.commands import (
    Outcome,
    _review_bulk,
    _review_files,
    _review_learning,
    _review_people,
    _review_projects,
    _review_sentences,
)
from core.commands._store_options import add_actions
from core.commands.progress import ProgressBars

ACTIONS = MappingProxyType(
    {
        **_review_projects.ACTIONS,
        **_review_sentences.ACTIONS,
        **_review_bulk.ACTIONS,
        **_review_people.ACTIONS,
        **_review_learning.ACTIONS,
        **_review_files.ACTIONS,
    }
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions with their options."""
    add_actions(parser, ACTIONS)


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Do what is asked of a review.

    Raises:
        SpanbridgeError: as the action says.
    """
    return ACTIONS[options.action].run(options, bars)
