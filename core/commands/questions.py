"""`questions`: question answering data in another language, answers projected."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from contextlib import nullcontext
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Any

from core.commands import Outcome
from core.commands._store_options import Action
from core.commands.options import add_method_arguments, config_from, require_one_or_more
from core.commands.progress import ProgressBars
from core.errors import ConfigError, DataError
from core.jobs import JobContext
from core.projected_questions import Request
from core.projected_questions.carrying import Carrier
from core.projected_questions.report import count_fates
from core.projected_questions.running import BATCH, Done, Plan, project_questions
from core.questions import first_questions
from core.questions.squad import BadQuestion, read_squad
from core.translators import TRANSLATORS

_SHOWN = 10
TENDS_ITS_RUN = True  # a run that is stopped ends between two contexts, with its journal written


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions with their options."""
    parts = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, action in ACTIONS.items():
        part = parts.add_parser(name, help=action.summary, description=action.summary)
        for flag, told in (("json", "print one JSON object"), ("quiet", "show no progress bars")):
            part.add_argument(
                f"--{flag}", action="store_true", default=argparse.SUPPRESS, help=told
            )
        action.add_arguments(part)


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Do what the action says.

    Raises:
        SpanbridgeError: a file cannot be read or written, or a choice cannot work.
    """
    return ACTIONS[options.action].run(options, bars)


def _project_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--input", type=Path, required=True, help="a file in the form of SQuAD 1.1 (MLQA, XQuAD)"
    )
    parser.add_argument("--source", default="en", help="its language (default: en)")
    parser.add_argument("--target", required=True, help="language to make")
    parser.add_argument("--out", type=Path, required=True, help="the file to write, same form")
    parser.add_argument(
        "--report", type=Path, help="write counts and what became of every answer, a line each"
    )
    parser.add_argument("--limit", type=int, help="take only the first N questions")
    parser.add_argument(
        "--skip-bad",
        action="store_true",
        help="leave malformed questions out and count them, instead of stopping",
    )
    parser.add_argument(
        "--restart", action="store_true", help="do not go on with what a stopped run has done"
    )
    parser.add_argument(
        "--batch",
        type=int,
        default=BATCH,
        metavar="N",
        help=f"contexts translated at once (default: {BATCH})",
    )
    add_method_arguments(parser)


def _project(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Translate contexts and questions and carry every answer over."""
    require_one_or_more(options, "limit", "batch")
    bad: list[BadQuestion] = []
    job = JobContext.current()
    with nullcontext() if job is None else job:
        plan = _plan(options, bad)
        started = time.perf_counter()
        done = project_questions(
            plan,
            options.out,
            options.report,
            restart=options.restart,
            progress=bars if job is None else job.progress,
            should_stop=(lambda: False) if job is None else job.should_stop,
        )
    data = _told(options, plan, done, bad)
    data["seconds"] = round(time.perf_counter() - started, 1)
    return Outcome(data, "\n".join(_lines(data, bad)))


def _plan(options: argparse.Namespace, bad: list[BadQuestion]) -> Plan:
    config = config_from(options)
    if config.translator is None:
        raise ConfigError(
            "contexts and questions must be translated, got no translator",
            code="missing-stage",
            hint="add --translator apertium",
        )
    translator = TRANSLATORS.create(config.translator.name, config.translator.parameters)
    carrier = Carrier.from_config(config, Request(options.source, options.target))
    contexts = read_squad(options.input, skip_bad=bad if options.skip_bad else None)
    taken = first_questions(contexts, options.limit)
    if not taken:
        raise DataError(
            "the file must hold at least one question, got none",
            code="empty-corpus",
            path=str(options.input),
        )
    return Plan(taken, carrier, translator, _signature(options, carrier), options.batch)


def _signature(options: argparse.Namespace, carrier: Carrier) -> str:
    """Name everything the result depends on, the content of the file included."""
    digest = blake2b(options.input.read_bytes(), digest_size=8).hexdigest()
    parts = [options.input.name, digest, f"{options.source}-{options.target}"]
    if options.limit:
        parts.append(f"first {options.limit} questions")
    if options.skip_bad:
        parts.append("without malformed")
    parts.append(f"by {options.batch} contexts")
    return "task:questions|" + carrier.config.signature(corpus="/".join(parts))


def _told(
    options: argparse.Namespace, plan: Plan, done: Done, bad: Sequence[BadQuestion]
) -> dict[str, Any]:
    return {
        "signature": plan.signature,
        "out": str(options.out) if done.finished else None,
        "report": str(options.report) if options.report and done.finished else None,
        "finished": done.finished,
        "earlier": done.earlier,
        **count_fates(done.contexts),
        "skipped": len(bad),
    }


def _lines(data: dict[str, Any], bad: Sequence[BadQuestion]) -> list[str]:
    shown = {key: value for key, value in data.items() if key != "lost_answers"}
    lines = [f"{key}: {value}" for key, value in shown.items()]
    lines += [f"  lost at {why}: {count}" for why, count in data["lost_answers"].items()]
    if not data["finished"]:
        lines.append("stopped; the same command goes on where it was")
    return [*lines, *(f"  {item.path}: {item.reason}" for item in bad[:_SHOWN])]


ACTIONS = MappingProxyType(
    {
        "project": Action(
            "translate contexts and questions, and project the answers onto them",
            _project_arguments,
            _project,
        )
    }
)
