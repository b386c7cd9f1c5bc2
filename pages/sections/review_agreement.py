"""How far reviewers agree, and the last word where they do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import streamlit as st

from core.evaluate.agreement import Agreement, measure_agreement
from core.linked_text import class_styles, direction
from core.review.reviewed import disputed, final_states
from core.store import decisions
from core.store.answers import DONE
from core.store.decisions import SHARED, Change, State
from core.types import Span
from pages.sections import review_desk as desks
from pages.sections.paging import page_of
from pages.sections.review_desk import PAGE, Desk
from pages.widgets import marked_text, reviewer, tables

_PER_PAGE = 4


def show_agreement(desk: Desk) -> None:
    """Show agreement in figures, and every sentence that reviewers do not agree on."""
    if desk.project.reviewers == 1:
        tables.show_texts(
            [
                "This project has one answer a sentence, which all reviewers share. For agreement, "
                "make a project with two or more reviewers a sentence on the page Data."
            ],
            key=f"{PAGE}.one_reviewer",
            tone="note",
        )
        return
    states = decisions.states(reviewer.store(), desk.project, None)
    done = [one for one in states if one.track != SHARED and one.answer.status in DONE]
    if len({one.track for one in done}) < 2:
        tables.show_texts(
            ["Two reviewers must have decided on sentences before they can be compared."],
            key=f"{PAGE}.too_few",
            tone="note",
        )
    else:
        _show_figures(_measured(desk, done))
    if not desk.actor.may("admin"):
        tables.show_texts(
            ["The answers of others are shown to whoever has the last word, an admin."],
            key=f"{PAGE}.no_adjudication",
        )
        return
    _show_disputed(desk, states)
    _show_last_words(desk, states)


def _measured(desk: Desk, done: list[State]) -> Agreement:
    reviews: dict[str, dict[str, tuple[Span, ...]]] = {}
    verdicts: dict[str, dict[str, str]] = {}
    for one in done:
        name = str(one.sentence)
        verdicts.setdefault(one.track, {})[name] = one.answer.status
        mine = reviews.setdefault(one.track, {})
        if one.answer.status == "accepted":
            mine[name] = one.answer.plain_spans
    words = {str(item.id): len(item.pair.target.words) for item in desk.items}
    return measure_agreement(reviews, words, verdicts)


def _show_figures(found: Agreement) -> None:
    tables.show_table(
        (
            "Reviewers",
            "Sentences",
            "Cohen's κ",
            "κ on marked words",
            "Span F1",
            "Boundary F1",
            "Same spans",
            "Same verdict",
        ),
        [
            (
                f"{one.first}, {one.second}",
                one.sentences,
                one.kappa,
                one.kappa_marked,
                one.span_f1,
                one.boundary_f1,
                one.identical,
                one.same_verdict,
            )
            for one in found.pairs
        ],
        caption="Agreement of every two reviewers; empty where it is not defined",
        key=f"{PAGE}.agreement_table",
    )
    told = []
    if found.alpha is not None:
        told.append(f"Krippendorff's α {found.alpha:.2f} over words that two or more did.")
    if found.fleiss is not None:
        shared = f"the {found.fleiss_sentences} sentences that all did"
        told.append(f"Fleiss' κ {found.fleiss:.2f} over {shared}.")
    tables.show_texts(told, key=f"{PAGE}.alpha")


def _show_disputed(desk: Desk, states: list[State]) -> None:
    tables.show_heading("The last word")
    open_ones = disputed(desk.project, states)
    final = final_states(desk.project, states)
    tables.show_texts(
        [f"{len(open_ones)} sentences wait for it; {len(final)} have an answer that counts."],
        key=f"{PAGE}.disputed_told",
    )
    by_sentence: dict[int, dict[str, State]] = {}
    for one in states:
        by_sentence.setdefault(one.sentence, {})[one.track] = one
    for sentence in page_of(open_ones, per_page=_PER_PAGE, key=f"{PAGE}.disputed"):
        _show_dispute(desk, sentence, by_sentence[sentence])


def _show_dispute(desk: Desk, sentence: int, answers: Mapping[str, State]) -> None:
    tracks = [track for track in sorted(answers) if track != SHARED]
    styles = class_styles({span.label for track in tracks for span in answers[track].answer.spans})
    version = answers[SHARED].version if SHARED in answers else 0
    with st.container(border=True, key=f"{PAGE}.dispute.{sentence}"):
        _show_source(desk, sentence)
        for number, track in enumerate(tracks):
            state = answers[track]
            with st.container(horizontal=True, gap="small", vertical_alignment="top"):
                st.button(
                    "Take",
                    key=f"{PAGE}.adjudicate.{sentence}.{number}",
                    disabled=state.answer.status not in DONE,
                    on_click=partial(_adjudicate, desk, state, version),
                )
                note = f": {state.answer.note}" if state.answer.note else ""
                told = f"{track}, {state.answer.status}{note}"
                _show_answer(desk, state, styles, told, key=f"{PAGE}.dispute.{sentence}.{number}")


def _show_source(desk: Desk, sentence: int) -> None:
    item = desk.items[desk.places[sentence]]
    tables.show_texts(
        [f"Sentence {item.place + 1}: {item.pair.source.text}"],
        key=f"{PAGE}.source.{sentence}",
    )


def _show_answer(
    desk: Desk, state: State, styles: Mapping[str, str], told: str, *, key: str
) -> None:
    target = desk.items[desk.places[state.sentence]].pair.target
    marked_text.show_marked(
        target,
        [marked_text.Mark(one.span, styles[one.label], one.label) for one in state.answer.spans],
        direction=direction(target.language),
        key=f"{key}.text",
        below=marked_text.second_line(told, {"dir": "auto"}, tone="translation"),
    )


def _adjudicate(desk: Desk, state: State, version: int) -> None:
    desks.attempt(
        partial(
            decisions.decide,
            reviewer.store(),
            desk.actor,
            desk.project,
            Change(state.sentence, replace(state.answer, note=""), version),
            "adjudicate",
        )
    )


def _show_last_words(desk: Desk, states: list[State]) -> None:
    """List what was said for all, the latest first, each to be taken back."""
    said = [one for one in states if one.track == SHARED and one.answer.status != "open"]
    if not said:
        return
    tables.show_texts(
        [f"{len(said)} sentences had it; where it is taken back, the reviewers' answers count."],
        key=f"{PAGE}.last_words_told",
    )
    latest = sorted(said, key=lambda one: one.at, reverse=True)
    for state in page_of(latest, per_page=_PER_PAGE, key=f"{PAGE}.last_words"):
        styles = class_styles({span.label for span in state.answer.spans})
        key = f"{PAGE}.last_word.{state.sentence}"
        with st.container(border=True, key=key):
            _show_source(desk, state.sentence)
            with st.container(horizontal=True, gap="small", vertical_alignment="top"):
                st.button(
                    "Undo",
                    key=f"{PAGE}.take_back.{state.sentence}",
                    on_click=partial(_take_back, desk, state),
                )
                when = state.at[:16].replace("T", " ")
                told = f"{state.answer.status}, {state.kind} by {state.reviewer}, {when} UTC"
                _show_answer(desk, state, styles, told, key=key)


def _take_back(desk: Desk, state: State) -> None:
    desks.attempt(
        partial(
            decisions.undo,
            reviewer.store(),
            desk.actor,
            desk.project,
            state.sentence,
            track=SHARED,
            version=state.version,
        )
    )
