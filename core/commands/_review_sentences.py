"""`review`: one sentence after another: which is next, what stands, and every decision on it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from core.commands import Outcome
from core.commands._review_desk import (
    Desk,
    add_project,
    add_sentence,
    answer_record,
    desk_of,
    state_line,
    state_record,
    told_spans,
)
from core.commands._review_order import add_order_arguments, ordered_ids
from core.commands._review_say import add_decide_arguments, answer_said, kind_said
from core.commands._store_options import Action
from core.commands.progress import ProgressBars
from core.review.drafts import answer_of
from core.review.starting import name_of
from core.store import decisions
from core.store.decisions import SHARED, Change, State, state_of
from core.store.holds import claim, holds, release
from core.store.projects import Item
from core.store.runs import load_projection, runs
from core.types import Sentence


def _next_arguments(parser: argparse.ArgumentParser) -> None:
    add_project(parser)
    add_order_arguments(parser)
    parser.add_argument(
        "--again", action="store_true", help="also sentences that you have done already"
    )


def _next(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with desk_of(options) as desk:
        wanted = ordered_ids(desk, options)
        found = claim(desk.store, desk.actor, desk.project, wanted, again=options.again)
        if found is None:
            return Outcome({"number": None, "wanted": len(wanted)}, "no sentence is free")
        data = _sentence(desk, desk.by_id[found])
    return Outcome(data, "\n".join(_sentence_lines(data)))


def _release(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with desk_of(options) as desk:
        release(desk.store, desk.actor, desk.project)
    return Outcome({"project": desk.project.name, "reviewer": desk.actor.name}, "let go")


def _show(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with desk_of(options) as desk:
        data = _sentence(desk, desk.item(options.number))
    return Outcome(data, "\n".join(_sentence_lines(data)))


def _sentence(desk: Desk, item: Item) -> dict[str, Any]:
    """Tell everything of a sentence but what others said who answer independently."""
    tracks = dict.fromkeys([SHARED, desk.track])
    stand = [state_of(desk.store, desk.project, item.id, track) for track in tracks]
    target = item.pair.target
    said = []
    for run in runs(desk.store, desk.project):
        projection = load_projection(desk.store, run, item.id)
        failure = projection.failure
        said.append(
            {
                "name": run.name,
                **answer_record(answer_of(projection, run.id), target),
                "failure": None if failure is None else failure.message,
                "source": _side(projection.pair.source),
            }
        )
    return {
        "number": item.place + 1,
        "id": name_of(item),
        "source": _side(item.pair.source),
        "target": _side(target),
        "runs": said,
        "states": [state_record(state, item) for state in stand],
        "assigned": item.assigned,
        "held_by": [
            one.reviewer for one in holds(desk.store, desk.project) if one.sentence == item.id
        ],
    }


def _side(sentence: Sentence) -> dict[str, Any]:
    spans = [
        {"start": one.start, "end": one.end, "label": one.label, "text": sentence.text_of(one)}
        for one in sentence.spans
    ]
    return {"text": sentence.text, "words": list(sentence.words), "spans": spans}


def _sentence_lines(data: dict[str, Any]) -> list[str]:
    words = " ".join(f"{index}:{word}" for index, word in enumerate(data["target"]["words"]))
    lines = [
        f"{data['number']}  {data['id']}",
        f"source: {data['source']['text']}",
        f"target: {words}",
        f"source entities: {told_spans(data['source']['spans'])}",
        f"target entities of the corpus: {told_spans(data['target']['spans'])}",
    ]
    for one in data["runs"]:
        failed = one["failure"]
        lines.append(
            f"{one['name']}: {f'failed: {failed}' if failed else told_spans(one['spans'])}"
        )
    lines += [state_line(one) for one in data["states"]]
    if data["held_by"]:
        lines.append(f"held by {', '.join(data['held_by'])}")
    return lines


def _decide(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with desk_of(options) as desk:
        item = desk.item(options.number)
        track = SHARED if options.final else desk.track
        state = state_of(desk.store, desk.project, item.id, track)
        answer = answer_said(desk, item, state.answer, options)
        version = state.version if options.version is None else options.version
        after = decisions.decide(
            desk.store,
            desk.actor,
            desk.project,
            Change(item.id, answer, version),
            kind_said(options),
            track=track,
        )
        data = state_record(after, item)
    return Outcome(data, f"{data['number']}: {state_line(data)}")


def _step_arguments(parser: argparse.ArgumentParser) -> None:
    add_sentence(parser)
    parser.add_argument("--version", type=int, help="that you have seen (default: the latest)")
    parser.add_argument(
        "--final", action="store_true", help="in the track that counts, where several answer"
    )


def _step(does: Callable[..., State], nothing: str) -> Callable[..., Outcome]:
    """Make the action that takes a decision back, or does it again."""

    def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
        with desk_of(options) as desk:
            item = desk.item(options.number)
            track = SHARED if options.final else desk.track
            before = state_of(desk.store, desk.project, item.id, track).version
            version = before if options.version is None else options.version
            state = does(
                desk.store, desk.actor, desk.project, item.id, track=track, version=version
            )
            data = {**state_record(state, item), "changed": state.version != version}
        told = f"{data['number']}: {state_line(data)}"
        return Outcome(data, told if data["changed"] else f"{nothing}; {told}")

    return run


ACTIONS = MappingProxyType(
    {
        "next": Action("take the next sentence to review", _next_arguments, _next),
        "release": Action("let go of the sentence that you took", add_project, _release),
        "show": Action("show a sentence, its answers and what stands", add_sentence, _show),
        "decide": Action("say what a sentence's entities are", add_decide_arguments, _decide),
        "undo": Action(
            "take the last decision back",
            _step_arguments,
            _step(decisions.undo, "nothing to take back"),
        ),
        "redo": Action(
            "do again what was taken back last",
            _step_arguments,
            _step(decisions.redo, "nothing to do again"),
        ),
    }
)
