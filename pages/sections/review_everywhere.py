"""Correct once, apply everywhere; and what earlier answers suggest for this sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from core.linked_text import class_styles, direction
from core.review.corrections import Correction, CorrectionKind, Everywhere, Proposal
from core.review.everywhere import apply_everywhere, find_everywhere
from core.review.suggestions import Suggestion, SuggestionIndex
from core.store import decisions
from core.store.answers import AnswerSpan
from core.store.decisions import Change, State
from core.types import SentencePair
from pages.sections import edit_forms, review_edit, review_queue, review_sentence
from pages.sections import review_desk as desks
from pages.sections.paging import page_of, show_number
from pages.sections.review_desk import PAGE, Desk
from pages.sections.review_seat import Seat
from pages.widgets import marked_text, reviewer, tables

_KINDS: dict[CorrectionKind, str] = {
    "span": "It stands at these words",
    "drop": "It has no counterpart",
    "class": "It is of another class",
}
_REASONS = {
    "already so": "is so already",
    "decided": "was decided by a person",
    "ambiguous": "could be at several places",
    "not in the target": "has no such words in the target",
    "taken": "has them, for another entity",
    "no span": "has no span to give another class",
}
_PER_PAGE = 6
_MOST_SUGGESTIONS = 3


@st.cache_resource(max_entries=4, show_spinner=False)
def _index(
    key: tuple[object, ...],  # noqa: ARG001 (what it depends on)
    _desk: Desk,
    _states: Mapping[int, State],
) -> SuggestionIndex:
    return SuggestionIndex(*_desk.accepted(_states))


def show_suggestions(seat: Seat) -> None:
    """Show where the same entities were accepted elsewhere, to be taken by a click."""
    desk = seat.desk
    states = desk.states()
    key = (reviewer.store().name, desk.project.id, desk.main.id, desk.track)
    latest = max((one.at for one in states.values()), default="")
    index = _index((*key, latest), desk, states)
    found = index.suggest(seat.place, seat.projection.pair, seat.answer)
    shown = [(entity, one) for entity, several in found.items() for one in several]
    if not shown:
        return
    tables.show_heading("Accepted elsewhere")
    for number, (entity, one) in enumerate(shown[:_MOST_SUGGESTIONS]):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.button(
                "Use",
                key=seat.key(f"suggest.{number}"),
                disabled=not seat.free,
                on_click=partial(_use, seat, entity, one),
                help=f"Fix {review_sentence.entity_name(seat, entity)[:1]} to these words",
            )
            tables.show_texts(
                [_suggestion_text(seat, entity, one)], key=f"{PAGE}.suggested.{number}"
            )


def _suggestion_text(seat: Seat, entity: int, one: Suggestion) -> str:
    name = review_sentence.entity_name(seat, entity)
    like = "" if one.basis == "same" else f", spelt like “{one.text}”"
    target = seat.projection.pair.target
    return f"{name}: “{target.text_of(one.span.span)}”{like} ({one.count} times)"


def _use(seat: Seat, entity: int, one: Suggestion) -> None:
    review_edit.apply(seat, edit_forms.pin_event(entity, one.span.start, one.span.end))


def show_everywhere(seat: Seat) -> None:
    """Ask what is to hold everywhere, show every place it would change, and change them at once."""
    if seat.entity is None:
        tables.show_texts(["This sentence has no source entity."], key=f"{PAGE}.no_everywhere")
        return
    correction = _correction_inputs(seat, seat.entity)
    if correction is None:
        tables.show_texts(
            ["Say at which words it stands, or which class it has."], key=f"{PAGE}.no_correction"
        )
        return
    states = seat.desk.states()
    pairs, answers = seat.desk.seen(states)
    found = find_everywhere(
        pairs,
        answers,
        correction,
        by_person={place for place, one in states.items() if one.by_person},
        origin=(seat.place, seat.entity),
    )
    _show_found(seat, found, states)
    for one in page_of(found.proposals, per_page=_PER_PAGE, key=f"{PAGE}.everywhere_list"):
        _show_proposal(seat.desk, pairs[one.place], one)


def _correction_inputs(seat: Seat, entity: int) -> Correction | None:
    pair = seat.view.pair
    span = pair.source.spans[entity]
    own = [one for one in seat.answer.spans if one.entity == entity]
    tables.show_texts(
        [f"Wherever the source has “{pair.source.text_of(span)}” as {span.label}:"],
        key=f"{PAGE}.everywhere_for",
    )
    usual: CorrectionKind = "span" if own else "drop"
    key = f"{PAGE}.everywhere.{seat.sentence}.{entity}.{usual}"
    left, right = st.columns(2, vertical_alignment="bottom")
    kind = left.selectbox(
        "What holds",
        list(_KINDS),
        index=list(_KINDS).index(usual),
        format_func=lambda one: _KINDS[one],
        key=f"{key}.kind",
    )
    text, label = "", ""
    with right:
        if kind == "span":
            start = pair.target.text_of(own[0].span) if own else ""
            text = st.text_input("Words of the target", value=start, key=f"{key}.text.{start}")
        elif kind == "class":
            label = st.selectbox(
                "Class", edit_forms.CLASSES, key=f"{key}.class", accept_new_options=True
            )
    said = {"span": bool(text.strip()), "class": edit_forms.is_class(label), "drop": True}
    if not said[kind]:
        return None
    same = st.checkbox(f"Only where it is {span.label} there too", True, key=f"{key}.same")
    return Correction(
        pair.source.text_of(span), span.label, kind, text.strip(), label or "", same_class=same
    )


def _show_found(seat: Seat, found: Everywhere, states: Mapping[int, State]) -> None:
    desk = seat.desk
    left_alone = [f"{count} {_REASONS[reason]}" for reason, count in sorted(found.left.items())]
    changes = found.changes
    places = sorted({one.place for one in changes})
    told = f"{len(changes)} entities in {len(places)} other sentences would change."
    if left_alone:
        told += f" Left alone: {', '.join(left_alone)}."
    tables.show_texts([told], key=f"{PAGE}.everywhere_told", tone="note")
    skipped = st.multiselect(
        "Leave out sentences",
        [place + 1 for place in places],
        key=seat.key(f"everywhere_skip.{seat.entity}"),
    )
    kept = [place for place in places if place + 1 not in skipped]
    st.button(
        f"Change {len(kept)} sentences",
        key=seat.key(f"everywhere_apply.{seat.entity}"),
        type="primary",
        disabled=not kept or not desk.actor.may("reviewer"),
        on_click=partial(_apply, desk, found, kept, states),
        help="one step, which one step undoes (tab In bulk)",
    )


def _apply(desk: Desk, found: Everywhere, places: list[int], states: Mapping[int, State]) -> None:
    def change() -> None:
        answers = apply_everywhere(found, places)
        changes = [
            Change(desk.items[place].id, answer, states[place].version if place in states else 0)
            for place, answer in answers.items()
        ]
        name = found.correction
        result = decisions.decide_many(
            reviewer.store(),
            desk.actor,
            desk.project,
            changes,
            "apply",
            f"“{name.source}” {name.label}: {name.target or name.target_label or name.kind}",
            track=desk.track,
        )
        desks.say(f"Changed {len(result.done)} sentences; the tab In bulk undoes it in one step.")
        desks.say_left_alone(desk, result.refused, "Changed meanwhile")

    desks.attempt(change)


def _show_proposal(desk: Desk, pair: SentencePair, one: Proposal) -> None:
    spans = one.wanted or one.options or one.current
    styles = class_styles({span.label for span in spans})
    told = [
        f"“{pair.source.text_of(one.source)}”",
        "→",
        _texts(one.wanted, pair) or "no counterpart",
    ]
    if one.unchanged is not None:
        told = [f"stays: {_REASONS[one.unchanged]}"]
    elif one.current:
        told.append(f"(was {_texts(one.current, pair)})")
    if one.gives_way:
        told.append(f"; {_texts(one.gives_way, pair)} gives way")
    key = f"{PAGE}.proposal.{one.place}.{one.entity}"
    with st.container(horizontal=True, gap="small", vertical_alignment="top"):
        show_number(one.place + 1, partial(review_queue.go_to, desk, one.place), key=key)
        marked_text.show_marked(
            pair.target,
            [marked_text.Mark(span.span, styles[span.label], span.label) for span in spans],
            direction=direction(pair.target.language),
            key=f"{key}.text",
            below=marked_text.second_line(" ".join(told), {"dir": "auto"}, tone="translation"),
        )


def _texts(spans: Sequence[AnswerSpan], pair: SentencePair) -> str:
    return ", ".join(f"“{pair.target.text_of(span.span)}” {span.label}" for span in spans)
