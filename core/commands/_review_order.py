"""`review`: which sentences are wanted, in which order."""

from __future__ import annotations

import argparse

from core.commands._review_desk import Desk
from core.errors import ConfigError
from core.overview.disagreement import survey
from core.overview.outcomes import CorpusRun, SentenceOutcome
from core.review.queue import ORDERS, Wanted, order_places, parse_order
from core.store.answers import STATUSES
from core.store.decisions import standing
from core.store.runs import load_run, runs


def add_order_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which sentences are wanted, in which order."""
    parser.add_argument(
        "--order",
        default="",
        metavar="ORDER",
        help=f"{', '.join(ORDERS)} (default: uncertainty, without a run corpus)",
    )
    parser.add_argument("--run", default="", metavar="NAME", help="whose answers are reviewed")
    parser.add_argument("--class", dest="label", default="", help="only sentences with this class")
    parser.add_argument("--error", default="", help="only with this outcome or guilty stage")
    parser.add_argument(
        "--status", nargs="+", default=[], choices=STATUSES, help="only with these statuses"
    )
    parser.add_argument("--least-margin", type=float, help="only where every margin is so large")
    parser.add_argument("--text", default="", help="only sentences that hold this text")
    parser.add_argument("--seed", type=int, default=0, help="of the random order")


def ordered_ids(desk: Desk, options: argparse.Namespace) -> list[int]:
    """Return the ids of the sentences that the options ask for, the most wanted first.

    Raises:
        ConfigError: an order that is none (unknown-name) or needs runs that are not there
            (missing-stage).
        StoreError: there is no run of that name (code unknown-name).
    """
    stored = runs(desk.store, desk.project)
    order = parse_order(options.order or ("uncertainty" if stored else "corpus"))
    needed = {"uncertainty": 1, "disagreement": 2}.get(order, 0)
    if len(stored) < needed:
        raise ConfigError(
            f"the order {order} needs {needed} or more runs, got {len(stored)}",
            code="missing-stage",
            hint="python -m core review run PROJECT --method NAME",
        )
    wanted = Wanted(
        order=order,
        label=options.label,
        error=options.error,
        statuses=tuple(options.status),
        least_margin=options.least_margin,
        text=options.text,
        seed=options.seed,
    )
    compared = None
    if order == "disagreement":
        compared = survey({run.name: load_run(desk.store, run) for run in stored})
    known = standing(desk.store, desk.project, desk.track)
    places = order_places(
        _reviewed_run(desk, options.run),
        wanted,
        statuses={item.place: known[item.id].status for item in desk.items if item.id in known},
        survey=compared,
    )
    return [desk.items[place].id for place in places]


def _reviewed_run(desk: Desk, name: str) -> CorpusRun:
    """Return the run whose answers are reviewed; where there is none, one that says nothing."""
    run = desk.run(name) if name else desk.main_run()
    if run is not None:
        return load_run(desk.store, run)
    return CorpusRun("", tuple(SentenceOutcome(one.pair, "no gold", ()) for one in desk.items))
