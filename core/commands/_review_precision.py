"""`review precision`: how right a bulk change is, from sentences drawn at random and checked."""

from __future__ import annotations

import argparse
from typing import Any

from core.commands import Outcome
from core.commands._review_desk import add_project, desk_of
from core.commands.progress import ProgressBars
from core.review.bulk import check_of_batch
from core.review.precision import more_to_check

_NEXT = 10


def add_precision_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the bulk change and how well its precision is to be known."""
    add_project(parser)
    parser.add_argument("batch", type=int, metavar="B", help="its number (see `batches`)")
    parser.add_argument(
        "--half-width", type=float, default=0.05, help="how near is near enough (default: 0.05)"
    )


def precision(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Estimate from what was checked so far, and say which sentences to check next.

    Raises:
        StoreError: there is no such bulk change (code unknown-name).
        ConfigError: a width that cannot be (code bad-value).
    """
    with desk_of(options) as desk:
        check = check_of_batch(desk.store, desk.project, options.batch)
        left = desk.numbers(check.order[check.checked :][:_NEXT])
    unchecked = len(check.order) - check.checked
    data: dict[str, Any] = {
        "batch": options.batch,
        "sentences": len(check.order),
        "checked": check.checked,
        "estimate": None if check.estimate is None else check.estimate.as_dict(),
        "more_to_check": more_to_check(check.estimate, options.half_width, unchecked=unchecked),
        "check_next": left,
    }
    return Outcome(data, "\n".join(_lines(data, options.half_width)))


def _lines(data: dict[str, Any], half_width: float) -> list[str]:
    one = data["estimate"]
    lines = [f"{data['checked']} of {data['sentences']} sentences checked"]
    if one is not None:
        lines.append(
            f"precision {one['precision']:.3f} [{one['low']:.3f}, {one['high']:.3f}]: "
            f"{one['unchanged']} of {one['accepted']} entities left as they were, design effect "
            f"{one['design_effect']:.2f}"
        )
    if data["more_to_check"]:
        lines.append(f"{data['more_to_check']} more for ±{half_width:g}")
        lines.append(f"check next: {', '.join(map(str, data['check_next']))}")
    return lines
