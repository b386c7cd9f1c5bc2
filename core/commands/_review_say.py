"""`review decide`: the answer that the options describe."""

from __future__ import annotations

import argparse
from dataclasses import replace
from types import MappingProxyType

from core.commands._review_desk import Desk, add_sentence, parse_spans
from core.errors import ConfigError, StoreError
from core.review.drafts import (
    answer_of,
    pinned_alone,
    solved_answer,
    solving_config,
    with_edits,
)
from core.review.importing import with_plain_spans
from core.review.reviewed import may_read
from core.review.starting import is_untouched
from core.store.answers import Answer, AnswerSpan, Status, check_answer
from core.store.decisions import Kind, state_of
from core.store.people import require
from core.store.projects import Item
from core.store.runs import StoredRun, load_projection, runs
from core.types import Projection
from core.whatif.case import make_case, solve
from core.whatif.edits import check_edits, parse_edits

_WORDS: MappingProxyType[str, tuple[Status, Kind]] = MappingProxyType(
    {
        "accept": ("accepted", "accept"),
        "reject": ("rejected", "reject"),
        "flag": ("flagged", "flag"),
        "open": ("open", "edit"),
    }
)


def add_decide_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be said of a sentence."""
    add_sentence(parser)
    parser.add_argument("word", choices=tuple(_WORDS), help="of the sentence as a whole")
    start = parser.add_mutually_exclusive_group()
    start.add_argument("--take", default="", metavar="RUN", help="begin with a run's answer")
    start.add_argument("--of", default="", metavar="NAME", help="begin with a reviewer's answer")
    parser.add_argument(
        "--edits",
        metavar="EDITS",
        help="links, pins, bans and source entities to solve with, as for `explain`, in place of "
        "those of the answer",
    )
    parser.add_argument(
        "--spans",
        metavar="SPANS",
        help="the target's entities, all of them: '0-2:PER 4-5:LOC'; empty for none",
    )
    parser.add_argument("--note", help="in your words")
    parser.add_argument("--version", type=int, help="that you have seen (default: the latest)")
    parser.add_argument(
        "--final", action="store_true", help="have the last word where several answer independently"
    )


def kind_said(options: argparse.Namespace) -> Kind:
    """Return what kind of decision the options describe."""
    if options.final:
        return "adjudicate"
    kind = _WORDS[options.word][1]
    if options.word == "accept" and (options.spans is not None or options.edits is not None):
        return "edit"
    return "take" if options.word == "accept" and (options.take or options.of) else kind


def answer_said(desk: Desk, item: Item, before: Answer, options: argparse.Namespace) -> Answer:
    """Return the answer that the options describe.

    Args:
        desk: the project.
        item: the sentence.
        before: what stands.
        options: parsed by `add_decide_arguments`.

    Raises:
        ConfigError: nothing is there to accept (code bad-value), or options that cannot be read.
        DataError: spans or edits that do not fit the sentence (code bad-annotation).
        StoreError: there is no such run, or the reviewer said nothing (code unknown-name); only
            an admin may begin with what somebody else says who answers independently
            (not-allowed).
    """
    if options.of:
        before = _answer_of(desk, item, options.of)
    run, projection = _behind(desk, item, before, options.take)
    answer = before
    if run is not None and projection is not None and (options.take or is_untouched(before)):
        answer = replace(answer_of(projection, run.id), note=before.note)
    if options.edits is not None:
        answer = _solved(answer, options.edits, run, projection)
    if options.spans is not None:
        spans = parse_spans(options.spans)
        drawn = tuple(AnswerSpan(one.start, one.end, one.label) for one in spans)
        check_answer(Answer(spans=drawn), item.pair.target)
        answer = with_plain_spans(answer, spans, item.pair.target)
    elif options.word == "accept" and options.edits is None and not options.of:
        _require_answer(item, answer, projection)
    if options.note is not None:
        answer = replace(answer, note=options.note)
    return replace(answer, status=_WORDS[options.word][0])


def _behind(
    desk: Desk, item: Item, before: Answer, take: str
) -> tuple[StoredRun | None, Projection | None]:
    """Return the run that an answer starts from, and what it made of the sentence."""
    known = {run.id: run for run in runs(desk.store, desk.project)}
    run = desk.run(take) if take else known.get(before.run or 0, desk.main_run())
    return run, None if run is None else load_projection(desk.store, run, item.id)


def _answer_of(desk: Desk, item: Item, name: str) -> Answer:
    """Return what a reviewer says of a sentence."""
    if not may_read(desk.actor, desk.project, name):
        require(desk.actor, "admin", "see what others answered")
    state = state_of(desk.store, desk.project, item.id, name)
    if is_untouched(state.answer):
        raise StoreError(
            f"a reviewer must have said something of the sentence, got {name!r}",
            code="unknown-name",
        )
    return state.answer


def _solved(
    answer: Answer, text: str, run: StoredRun | None, projection: Projection | None
) -> Answer:
    """Return an answer solved anew with other edits, as its run's method solves it."""
    if run is None or projection is None:
        raise ConfigError(
            "edits are solved with a run's method, got a project without one",
            code="missing-stage",
            hint="python -m core review run PROJECT --method NAME, or give --spans",
        )
    edits = parse_edits(text)
    check_edits(edits, projection.pair)
    answer = with_edits(answer, edits, projection.pair)
    if run.config is None:
        return solved_answer(answer, pinned_alone(projection, edits))
    config = solving_config(run.config)
    found = solve(make_case(config, projection.pair), config, edits)
    if found.failure is not None:
        raise ConfigError(
            f"the sentence must be solvable, got: {found.failure.message}",
            code="bad-value",
            hint="give --spans",
        )
    return solved_answer(answer, found)


def _require_answer(item: Item, answer: Answer, projection: Projection | None) -> None:
    """Refuse to accept what nobody has said: a sentence that failed has no answer, not none."""
    if answer.spans or answer.status in ("accepted", "working"):
        return
    if projection is None or projection.failure is not None:
        raise ConfigError(
            f"sentence {item.place + 1} must have an answer to accept, got "
            f"{'no run' if projection is None else 'a run that failed on it'}",
            code="bad-value",
            hint="say what its entities are: --spans '0-2:PER', or --spans '' for none",
        )
