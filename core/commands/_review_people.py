"""`review`: how far reviewers agree, and what they differ on."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

from core.commands import Outcome
from core.commands._review_desk import (
    Desk,
    add_project,
    desk_of,
    state_line,
    state_record,
)
from core.commands._store_options import Action
from core.commands.progress import ProgressBars
from core.evaluate.agreement import Agreement, measure_agreement
from core.review.reviewed import disputed
from core.store.answers import DONE
from core.store.decisions import SHARED, State, states
from core.store.people import require


def agreement_of(desk: Desk, known: Sequence[State]) -> Agreement:
    """Compare the reviewers of a project, sentences named by their numbers.

    Args:
        desk: the project.
        known: states of all tracks.
    """
    done = [one for one in known if one.track != SHARED and one.answer.status in DONE]
    names = sorted({one.track for one in done})
    places = desk.by_id
    reviews: dict[str, dict[str, Any]] = {name: {} for name in names}
    verdicts: dict[str, dict[str, str]] = {name: {} for name in names}
    for one in done:
        number = str(places[one.sentence].place + 1)
        verdicts[one.track][number] = one.answer.status
        if one.answer.status == "accepted":
            reviews[one.track][number] = one.answer.plain_spans
    words = {str(item.place + 1): len(item.pair.target.words) for item in desk.items}
    return measure_agreement(reviews, words, verdicts)


def _agreement(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with desk_of(options) as desk:
        require(desk.actor, "admin", "see what others answered")
        data = agreement_of(desk, states(desk.store, desk.project, None)).as_dict()
    lines = [
        f"{one['first']} and {one['second']}: {one['sentences']} sentences, kappa "
        f"{_number(one['kappa'])} (over marked words {_number(one['kappa_marked'])}), F1 "
        f"{_number(one['span_f1'])}, the same spans in {_number(one['identical'])}, the same "
        f"verdict in {_number(one['same_verdict'])}"
        for one in data["pairs"]
    ]
    lines.append(
        f"Krippendorff's alpha {_number(data['alpha'])}; Fleiss' kappa {_number(data['fleiss'])} "
        f"over {data['fleiss_sentences']} sentences that all did"
    )
    lines += [f"  {one['sentence']}  {one['disagreement']:.2f}" for one in data["disputes"]]
    if not data["pairs"]:
        lines = ["fewer than two people have answered independently"]
    return Outcome(data, "\n".join(lines))


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _adjudicate(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with desk_of(options) as desk:
        require(desk.actor, "admin", "see what others answered")
        known = states(desk.store, desk.project, None)
        places = desk.by_id
        found: list[dict[str, Any]] = [
            {
                "number": places[sentence].place + 1,
                "target": places[sentence].pair.target.text,
                "answers": [
                    state_record(one, places[sentence])
                    for one in known
                    if one.sentence == sentence and one.track != SHARED
                ],
            }
            for sentence in disputed(desk.project, known)
        ]
    lines = []
    for dispute in found:
        lines.append(f"{dispute['number']}  {dispute['target']}")
        lines += [f"    {state_line(answer)}" for answer in dispute["answers"]]
    told = "python -m core review decide PROJECT N accept --of NAME --final has the last word"
    return Outcome({"disputed": found}, "\n".join([*lines, told] if lines else ["no dispute"]))


ACTIONS = MappingProxyType(
    {
        "agreement": Action("say how far reviewers agree", add_project, _agreement),
        "adjudicate": Action("list what reviewers differ on", add_project, _adjudicate),
    }
)
