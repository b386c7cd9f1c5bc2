"""What an attack flipped: counts by stage, a list, and one entity followed through both runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from core.explain import entity_letter
from core.linked_text import Marks, direction
from core.overview.replay import (
    PARTINGS,
    Flip,
    FlipKind,
    Parting,
    Replay,
    ReplayedPair,
    Step,
    follow,
)
from core.types import Projection, Sentence, Span
from pages.sections.paging import page_of, show_number
from pages.widgets import curves, marked_text, state, tables, text_view

_PER_PAGE = 10
_KINDS: tuple[FlipKind, ...] = ("lost", "gained", "moved", "class")
_MEANINGS: Mapping[Parting, str] = {
    "translation": "the perturbed sentence was translated in other words",
    "labelling": "the source entity is another one, or is found in one run only",
    "marking": "the marked translation back differs",
    "alignment": "other words are linked to the entity",
    "candidates": "the span of one run was not proposed in the other",
    "scores": "the entity's own scores turned the order of the spans round",
    "matching": "another entity, an option or the rule for ties decided otherwise",
    "tagging": "the tagger's own view of the target sentence decided otherwise",
    "unknown": "the traces do not tell",
}
# Always in the chart: where nothing happens is worth seeing too.
_USUAL: tuple[Parting, ...] = ("labelling", "alignment", "candidates", "scores", "matching")
_STATES = {
    "changed": "changed by the attack",
    "same": "the same",
    "differs": "differs",
    "parts": "➤ here the runs part",
}
# More marks than these make a sentence harder to read than none.
_MOST_TOLD = 12
_MOST_FAILED = 10


def show_found(found: Replay, *, page: str, subject: str) -> None:
    """Show what an attack did.

    Args:
        found: both runs of every sentence.
        page: first part of the widget keys.
        subject: what tells this replay from others.
    """
    _show_outcome(found, page=page)
    if found.flips:
        _show_counts(found, page=page)
        look = st.fragment(_show_flips)
        look(found, page=page, subject=subject)
    st.caption("What these numbers depend on")
    st.code(found.signature, language=None, wrap_lines=True)


def _show_outcome(found: Replay, *, page: str) -> None:
    """Say in a sentence what came of it; what failed is told as failed."""
    changed = f"{found.changed} of {len(found.pairs)} sentences were changed."
    flips = len(found.flips)
    if flips:
        told = f"{flips} {'entity' if flips == 1 else 'entities'} flipped. {changed}"
        effects = Counter(flip.effect for _, flip in found.flips if flip.effect)
        if effects:
            told += (
                f" Against gold: {effects['broken']} broken, {effects['mended']} mended, "
                f"{effects['neither']} wrong before and after."
            )
    elif found.changed:
        compared = found.changed - sum(bool(pair.changes) for pair in found.failed)
        told = f"Nothing flipped. {changed}"
        if compared:
            told += " Every projected entity came out with the same words and the same class."
    else:
        told = f"The perturbation changed nothing, so that nothing could flip. {changed}"
    tables.show_texts([told], key=f"{page}.outcome", tone="note")
    with st.container():
        failed = [
            f"Sentence {pair.number} failed in the {run} run, in the stage {failure.stage}: "
            f"{failure.message}"
            for pair in found.failed[:_MOST_FAILED]
            for run, failure in pair.failures
        ]
        if failed:
            failed.insert(
                0,
                f"Failed sentences: {len(found.failed)}. They have no projection to compare. That "
                "does not mean that they have no entities.",
            )
        tables.show_texts(failed, key=f"{page}.failed", tone="error")
    reasons = Counter(pair.unchanged for pair in found.pairs if pair.unchanged)
    notes = [f"{count} unchanged: {reason}" for reason, count in reasons.most_common(_MOST_FAILED)]
    tables.show_texts([*found.notes, *notes], key=f"{page}.notes")


def _show_counts(found: Replay, *, page: str) -> None:
    counts = found.counts()
    stages = [stage for stage in PARTINGS if stage in counts or stage in _USUAL]
    tables.show_heading("Flips by the stage at which the runs part")
    curves.show_bars(
        {"flips": {stage: counts.get(stage, 0) for stage in stages}},
        title="flips",
        alt="Bars: how many flips part at each stage. The table below says the same.",
        key=f"{page}.chart",
    )
    kinds = Counter((flip.stage, flip.kind) for _, flip in found.flips)
    tables.show_table(
        ["Stage", *_KINDS, "all", "Meaning"],
        [
            [
                stage,
                *(kinds[stage, kind] or None for kind in _KINDS),
                counts.get(stage, 0),
                _MEANINGS[stage],
            ]
            for stage in stages
        ],
        caption="Entities that were lost, gained, moved to other words or got another class.",
        key=f"{page}.counts",
    )


def _show_flips(found: Replay, *, page: str, subject: str) -> None:
    """List the flips, and show one of them."""
    with st.container(), state.error_guard(f"{page}.flips"):
        flips = _filtered(found, page=page)
        if not flips:
            tables.show_texts(["No flip is like that."], key=f"{page}.no_flip")
            return
        chosen = _chosen(flips, page=page, subject=subject)
        tables.show_heading("Flips")
        for place in page_of(
            range(len(flips)),
            per_page=_PER_PAGE,
            key=f"{page}.flips",
            hint="A number shows the flip below.",
        ):
            _show_row(flips[place], place, place == chosen, page=page, subject=subject)
        pair, flip = flips[chosen]
        with st.container(border=True, key=f"{page}.flip"):
            _show_flip(pair, flip, page=page)


def _filtered(found: Replay, *, page: str) -> list[tuple[ReplayedPair, Flip]]:
    counts = found.counts()
    key = f"{page}.stages"
    if key in st.session_state:
        st.session_state[key] = [one for one in st.session_state[key] if one in counts]
    wanted = st.multiselect(
        "Stage at which the runs part",
        list(counts),
        key=key,
        placeholder="all",
        persist_state="session",
    )
    return [one for one in found.flips if not wanted or one[1].stage in wanted]


def _chosen(flips: Sequence[tuple[ReplayedPair, Flip]], *, page: str, subject: str) -> int:
    """Return the place of the flip to show: the one that was clicked, else the first."""
    clicked = st.session_state.get(f"{page}.chosen")
    names = [(subject, *_name(pair, flip)) for pair, flip in flips]
    return names.index(clicked) if clicked in names else 0


def _name(pair: ReplayedPair, flip: Flip) -> tuple[int, int]:
    return pair.number, pair.flips.index(flip)


def _show_row(
    one: tuple[ReplayedPair, Flip], place: int, here: bool, *, page: str, subject: str
) -> None:
    pair, flip = one

    def choose(name: tuple[str | int, ...]) -> None:
        st.session_state[f"{page}.chosen"] = name

    with st.container(horizontal=True, gap="small", vertical_alignment="top"):
        go = partial(choose, (subject, *_name(pair, flip)))
        show_number(pair.number, go, key=f"{page}.open.{place}", here=here)
        told = f"{flip.kind} · {flip.stage}: {_outcome(pair, flip)}: {_why(flip)}"
        tables.show_texts([told], key=f"{page}.row.{place}")


def _outcome(pair: ReplayedPair, flip: Flip) -> str:
    old = _named(pair.clean, flip.subject.clean)
    new = _named(pair.perturbed, flip.subject.perturbed)
    return f"{old} → {new}"


def _named(projection: Projection, span: Span | None) -> str:
    return "none" if span is None else f"“{projection.pair.target.text_of(span)}” ({span.label})"


def _why(flip: Flip) -> str:
    return f"{flip.reason}; {flip.term} moved most." if flip.term else f"{flip.reason}."


def _show_flip(pair: ReplayedPair, flip: Flip, *, page: str) -> None:
    """Show both runs of a sentence side by side, and the flipped entity stage by stage."""
    tables.show_heading(f"Sentence {pair.number}{f' ({pair.id})' if pair.id else ''}")
    effect = {"broken": "broken", "mended": "mended", "neither": "wrong before and after"}
    against = "" if flip.effect is None else f" Against gold: {effect[flip.effect]}."
    tables.show_texts(
        [f"{flip.kind}: {_outcome(pair, flip)}.{against}", f"{flip.stage}: {_why(flip)}"],
        key=f"{page}.verdict",
    )
    _show_changes(pair, page=page)
    columns = st.columns(2, gap="medium")
    for column, title, run, entity in (
        (columns[0], "Clean", pair.clean, flip.subject.clean_entity),
        (columns[1], "Perturbed", pair.perturbed, flip.subject.perturbed_entity),
    ):
        with column:
            letter = "" if entity is None else f" · source entity {entity_letter(entity)}"
            tables.show_heading(f"{title}{letter}")
            text_view.show_pair(
                run, key=f"{page}.text.{title.lower()}", marks=Marks(selected=entity)
            )
    _show_steps(follow(pair, flip), page=page)


def _show_changes(pair: ReplayedPair, *, page: str) -> None:
    """Show the changed sentence with the new words marked, each with what stood there."""
    after = getattr(pair.perturbed.pair, pair.side)
    before: Sentence = getattr(pair.clean.pair, pair.side)
    few = len(pair.changes) <= _MOST_TOLD
    marks = [
        marked_text.Mark(
            Span(one.new_start, one.new_end, "changed"),
            "s3",
            f"was {before.text_of(Span(one.start, one.end, 'changed'))}" if few else "",
        )
        for one in pair.changes
    ]
    count = len(pair.changes)
    marked = "the change is marked" if count == 1 else f"{count} changes are marked"
    told = f"The {pair.side} sentence after the attack; {marked}."
    if not pair.changes:
        told = "The words of this sentence are the same: the aligner learnt from the others."
    tables.show_texts([told], key=f"{page}.changes_told")
    marked_text.show_marked(
        after, marks, direction=direction(after.language), key=f"{page}.changes"
    )


def _show_steps(steps: Sequence[Step], *, page: str) -> None:
    tables.show_table(
        ["Stage", "Compared", "Clean run", "Perturbed run"],
        [[one.name, _STATES[one.state], one.clean, one.perturbed] for one in steps],
        caption="The entity followed through the stages.",
        key=f"{page}.steps",
    )
