"""`review`: many sentences at once, always with a preview, undone in one step, and checked."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from core.commands import Outcome
from core.commands._review_desk import (
    Desk,
    add_project,
    desk_of,
    shortened,
    told_time,
)
from core.commands._review_precision import add_precision_arguments, precision
from core.commands._store_options import Action
from core.commands.progress import ProgressBars
from core.overview.disagreement import survey
from core.review.bulk import acceptances, find_acceptable
from core.review.corrections import Correction, Everywhere, Proposal
from core.review.everywhere import apply_everywhere, find_everywhere
from core.review.starting import name_of
from core.store.answers import AnswerSpan
from core.store.decisions import (
    BatchResult,
    Change,
    Kind,
    State,
    batches,
    decide_many,
    standing,
    states,
    undo_batch,
)
from core.store.log import noted
from core.store.people import require
from core.store.runs import load_run, runs
from core.types import Sentence


def _apply_arguments(parser: argparse.ArgumentParser) -> None:
    add_project(parser)
    parser.add_argument("--source", required=True, metavar="TEXT", help="text of source entities")
    parser.add_argument("--label", required=True, metavar="CLASS", help="their class")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--target", default="", metavar="TEXT", help="text they stand at")
    what.add_argument("--drop", action="store_true", help="they have no counterpart")
    what.add_argument(
        "--class", dest="other", default="", metavar="CLASS", help="class their spans get"
    )
    parser.add_argument(
        "--target-class", default="", metavar="CLASS", help="with --target: if it differs"
    )
    parser.add_argument(
        "--any-class", action="store_true", help="also source entities of other classes"
    )
    _yes_argument(parser)


def _yes_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="do it; without, it is only shown")


def _apply(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    correction = _correction(options)
    with desk_of(options) as desk:
        require(desk.actor, "reviewer", "change answers")
        known = states(desk.store, desk.project, desk.track)
        found = _everywhere(desk, known, correction)
        versions = {one.sentence: one.version for one in known}
        ids = {item.place: item.id for item in desk.items}
        changes = [
            Change(ids[place], answer, versions.get(ids[place], 0))
            for place, answer in sorted(apply_everywhere(found).items())
        ]
        told = _told(correction)
        data: dict[str, Any] = {
            "proposals": [_proposal(desk, one) for one in found.proposals],
            "left": dict(found.left),
        }
        data |= _keep(desk, changes, "apply", told, do=options.yes)
    lines = [f"{told}:", *shortened([_proposal_line(one) for one in data["proposals"]])]
    return Outcome(data, "\n".join([*lines, *_kept_lines(data)]))


def _correction(options: argparse.Namespace) -> Correction:
    return Correction(
        source=options.source,
        label=options.label,
        kind="drop" if options.drop else "span" if options.target else "class",
        target=options.target,
        target_label=options.target_class or options.other,
        same_class=not options.any_class,
    )


def _everywhere(desk: Desk, known: Sequence[State], correction: Correction) -> Everywhere:
    places = desk.by_id
    by_person = {places[one.sentence].place for one in known if one.by_person}
    return find_everywhere(*desk.seen(known), correction, by_person=by_person)


def _told(correction: Correction) -> str:
    what = f"{correction.label} “{correction.source}”"
    if correction.kind == "drop":
        return f"{what} has no counterpart"
    if correction.kind == "class":
        return f"{what} gets the class {correction.target_label}"
    label = f" as {correction.target_label}" if correction.target_label else ""
    return f"{what} stands at “{correction.target}”{label}"


def _proposal(desk: Desk, one: Proposal) -> dict[str, Any]:
    item = desk.items[one.place]
    target = item.pair.target
    return {
        "number": one.place + 1,
        "id": name_of(item),
        "entity": one.entity,
        "before": _spans(one.current, target),
        "after": _spans(one.wanted, target),
        "gives_way": _spans(one.gives_way, target),
        "options": _spans(one.options, target),
        "unchanged": one.unchanged,
        "target": target.text,
    }


def _spans(spans: Sequence[AnswerSpan], target: Sentence) -> list[str]:
    return [f"{one.label} “{target.text_of(one.span)}”" for one in spans]


def _proposal_line(one: Mapping[str, Any]) -> str:
    before, after = (", ".join(one[key]) or "–" for key in ("before", "after"))
    if one["unchanged"]:
        return f"  {one['number']}  left, {one['unchanged']}: {before}"
    costs = f" (gives way: {', '.join(one['gives_way'])})" if one["gives_way"] else ""
    return f"  {one['number']}  {before} → {after}{costs}"


def _keep(
    desk: Desk, changes: Sequence[Change], kind: Kind, told: str, *, do: bool
) -> dict[str, Any]:
    """Keep changes where that was asked, and tell of it."""
    result = BatchResult(None, (), ())
    if do:
        result = decide_many(
            desk.store, desk.actor, desk.project, changes, kind, told, track=desk.track
        )
    return {
        "would_change": desk.numbers(one.sentence for one in changes),
        "applied": do,
        "batch": result.batch,
        "changed": desk.numbers(result.done),
        "refused": desk.numbers(result.refused),
    }


def _kept_lines(data: Mapping[str, Any]) -> list[str]:
    if not data["applied"]:
        return [f"would change {len(data['would_change'])} sentences; --yes does it"]
    lines = [f"changed {len(data['changed'])} sentences, batch {data['batch'] or '–'}"]
    if data["refused"]:
        lines.append(f"left alone, changed meanwhile: {', '.join(map(str, data['refused']))}")
    return lines


def _accept_arguments(parser: argparse.ArgumentParser) -> None:
    add_project(parser)
    parser.add_argument("--run", required=True, metavar="NAME", help="whose answers")
    parser.add_argument(
        "--least-margin",
        type=float,
        required=True,
        metavar="X",
        help="only where every entity's margin is so large; a sentence without any has none to "
        "doubt",
    )
    parser.add_argument("--class", dest="label", default="", help="only sentences with this class")
    parser.add_argument("--unanimous", action="store_true", help="only where all runs say the same")
    _yes_argument(parser)


def _accept(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with desk_of(options) as desk:
        require(desk.actor, "reviewer", "accept answers")
        changes, left = _sure(desk, options)
        entities = Counter(span.label for one in changes for span in one.answer.spans)
        told = f"answers of {options.run} with a margin of at least {options.least_margin:g}"
        told += f", {options.label}" if options.label else ""
        told += ", unanimous" if options.unanimous else ""
        data: dict[str, Any] = {"run": options.run, "entities": dict(entities), "noted": left}
        data |= _keep(desk, changes, "accept", told, do=options.yes)
    counts = ", ".join(f"{count} {label}" for label, count in entities.most_common()) or "none"
    lines = [f"{told}: entities {counts}", *_kept_lines(data)]
    if left:
        lines.append(f"left alone, somebody wrote a note: {', '.join(map(str, left))}")
    return Outcome(data, "\n".join(lines))


def _sure(desk: Desk, options: argparse.Namespace) -> tuple[list[Change], list[int]]:
    """Accept a run's answer wherever nobody has said anything and it is sure enough.

    A sentence that failed has no answer, whatever margin is asked for.

    Returns:
        The changes, and the numbers of the sentences that are left alone because of their note.
    """
    stored = desk.run(options.run)
    run = load_run(desk.store, stored)
    compared = None
    if options.unanimous:
        every = runs(desk.store, desk.project)
        compared = survey({one.name: load_run(desk.store, one) for one in every})
    known = standing(desk.store, desk.project, desk.track)
    stand = {item.place: known[item.id] for item in desk.items if item.id in known}
    with_note = noted(desk.store, desk.project, desk.track)
    found = find_acceptable(
        run,
        statuses={place: one.status for place, one in stand.items()},
        noted={item.place for item in desk.items if item.id in with_note},
        least_margin=options.least_margin,
        label=options.label,
        survey=compared,
        unanimous=options.unanimous,
    )
    changes = acceptances(desk.items, found.places, stand, run, stored.id)
    return changes, [place + 1 for place in found.noted]


def _batches(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with desk_of(options) as desk:
        found = batches(desk.store, desk.project)
    lines = [
        f"{one.id}  {one.kind}: {one.description}; {one.sentences} sentences, still the last word "
        f"on {one.standing}; by {one.reviewer}, {told_time(one.at)}"
        for one in found
    ]
    return Outcome({"batches": [asdict(one) for one in found]}, "\n".join(lines) or "none yet")


def _undo_batch_arguments(parser: argparse.ArgumentParser) -> None:
    add_project(parser)
    parser.add_argument("batch", type=int, metavar="B", help="its number (see `batches`)")


def _undo_batch(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with desk_of(options) as desk:
        result = undo_batch(desk.store, desk.actor, desk.project, options.batch)
        data = {
            "batch": result.batch,
            "applied": True,
            "changed": desk.numbers(result.done),
            "refused": desk.numbers(result.refused),
        }
    return Outcome(data, "\n".join(_kept_lines(data)))


ACTIONS = MappingProxyType(
    {
        "apply": Action("correct an entity wherever it stands", _apply_arguments, _apply),
        "accept-bulk": Action("accept a run's sure answers", _accept_arguments, _accept),
        "batches": Action("list the changes of many sentences", add_project, _batches),
        "undo-batch": Action("take one of them back", _undo_batch_arguments, _undo_batch),
        "precision": Action(
            "estimate how right one of them is", add_precision_arguments, precision
        ),
    }
)
