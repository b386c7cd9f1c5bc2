"""`replay`: perturb one side of a corpus, and show which projected entities flip, and where."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.commands import Outcome
from core.commands.options import (
    add_corpus_arguments,
    add_method_arguments,
    config_from,
    pairs_from,
    skipped_lines,
)
from core.commands.progress import ProgressBars
from core.config import ComponentChoice, parse_settings
from core.errors import DataError
from core.overview.replay import (
    SIDES,
    Attack,
    Flip,
    Replay,
    ReplayedPair,
    flip_record,
    follow,
    read_training,
    run_replay,
)
from core.perturbations import PERTURBATIONS
from core.types import Sentence, SentencePair, Span
from core.workflow import Workflow

_PERTURBATION = "perturbation."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    add_corpus_arguments(parser)
    add_method_arguments(parser)
    group = parser.add_argument_group("attack")
    group.add_argument(
        "--perturb",
        required=True,
        metavar="NAME",
        help=f"{', '.join(PERTURBATIONS.names())}; --set perturbation.X=VALUE sets a parameter",
    )
    group.add_argument(
        "--side",
        choices=SIDES,
        default="source",
        help="the side that is perturbed; the other one stays as it is (default: source)",
    )
    group.add_argument("--seed", type=int, default=0, help="of all choices (default: 0)")
    group.add_argument(
        "--train-file",
        type=Path,
        help="what the model was trained on, in the language of that side; p1, p2 and p3 need it",
    )
    parser.add_argument(
        "--id", help="only this pair's flips, each followed through the stages: its id or its place"
    )


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Project a corpus twice, clean and perturbed, and compare.

    Raises:
        SpanbridgeError: the corpus cannot be read, or the method or the attack cannot run.
    """
    own = [one for one in options.set if one.startswith(_PERTURBATION)]
    options.set = [one for one in options.set if one not in own]
    workflow = Workflow.from_config(config_from(options))
    attack = _attack(options, own)
    attack.make()  # so that a bad choice shows before the corpus is read
    corpus = pairs_from(options)
    number = None if options.id is None else _number(corpus.pairs, options.id)
    found = run_replay(
        workflow, corpus.pairs, attack, progress=bars.of("project"), corpus=corpus.name
    )
    data = {**found.as_dict(), "skipped": len(corpus.bad)}
    lines = [found.signature, ""]
    if number is None:
        lines += [*_flip_lines(found), *_count_lines(found, data)]
    else:
        pair = found.pairs[number - 1]
        data |= _one_pair(pair)
        lines += _pair_lines(pair)
    return Outcome(data, "\n".join([*lines, *skipped_lines(corpus.bad)]))


def _attack(options: argparse.Namespace, settings: Sequence[str]) -> Attack:
    values = {
        key.removeprefix(_PERTURBATION): value for key, value in parse_settings(settings).items()
    }
    return Attack(
        ComponentChoice(name=options.perturb, parameters=dict(values)),
        side=options.side,
        seed=options.seed,
        training=_training(options),
        trained_on="" if options.train_file is None else options.train_file.name,
    )


def _training(options: argparse.Namespace) -> tuple[Sentence, ...]:
    if options.train_file is None:
        return ()
    language = options.source if options.side == "source" else options.target
    return read_training(options.train_file, language or "und")


def _number(pairs: Sequence[SentencePair], wanted: str) -> int:
    """Return the place of a pair, from 1; an id comes before a place."""
    for number, pair in enumerate(pairs, start=1):
        if wanted in (pair.id, pair.source.id):
            return number
    if wanted.isdecimal() and 1 <= int(wanted) <= len(pairs):
        return int(wanted)
    raise DataError(
        f"the id must be one of {len(pairs)} pairs such as {pairs[0].id!r}, got {wanted!r}",
        code="bad-value",
    )


def _one_pair(pair: ReplayedPair) -> dict[str, Any]:
    """Return what the JSON says of one pair alone: its flips, each with its steps."""
    return {
        "number": pair.number,
        "unchanged": {pair.unchanged: 1} if pair.unchanged else {},
        "flips": [
            {**flip_record(pair, flip), "steps": [asdict(one) for one in follow(pair, flip)]}
            for flip in pair.flips
        ],
    }


def _flip_lines(found: Replay) -> list[str]:
    rows = [_row(pair, flip) for pair, flip in found.flips]
    if not rows:
        return []
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return [
        *(
            "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), why])
            for *row, why in rows
        ),
        "",
    ]


def _row(pair: ReplayedPair, flip: Flip) -> tuple[str, str, str, str, str]:
    target, other = pair.clean.pair.target, pair.perturbed.pair.target
    outcome = f"{_named(target, flip.subject.clean)} → {_named(other, flip.subject.perturbed)}"
    term = f" ({flip.term} moved most)" if flip.term else ""
    name = f"{pair.number} {pair.id}".strip()
    return name, flip.kind, flip.stage, outcome, f"{flip.reason}{term}"


def _named(sentence: Sentence, span: Span | None) -> str:
    return "none" if span is None else f"{sentence.text_of(span)} ({span.label})"


def _count_lines(found: Replay, data: dict[str, Any]) -> Iterator[str]:
    yield from (f"{stage}: {count}" for stage, count in found.counts().items())
    for pair in found.failed:
        yield from _failure_lines(pair)
    yield from (f"note: {note}" for note in found.notes)
    flips = len(found.flips) or "no"
    effects = ", ".join(f"{count} {effect}" for effect, count in data["effects"].items())
    yield (
        f"{flips} flips{f' (against gold: {effects})' if effects else ''} in {found.changed} "
        f"changed of {len(found.pairs)} sentences; failed sentences: {len(found.failed)}"
    )


def _pair_lines(pair: ReplayedPair) -> Iterator[str]:
    yield from _failure_lines(pair)
    if pair.unchanged:
        yield f"nothing was changed: {pair.unchanged}"
    elif not pair.flips and not pair.failures:
        yield "nothing flipped"
    for flip in pair.flips:
        *row, why = _row(pair, flip)
        yield "  ".join(row)
        yield f"  parted at {flip.stage}: {why}"
        for step in follow(pair, flip):
            sign = {"same": " ", "parts": ">"}.get(step.state, "*")
            yield f"  {sign} {step.name}: {step.clean}"
            if step.state != "same":
                yield f"    → {step.perturbed}"


def _failure_lines(pair: ReplayedPair) -> Iterator[str]:
    for run_name, failure in pair.failures:
        name = f"{pair.number} {pair.id}".strip()
        yield f"{name} FAILED in the {run_name} run, in {failure.stage}: {failure.message}"
