"""What if: the numbers of a method as sliders, their flip points, and what moved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.config import RunConfig
from core.explain import entity_letter
from core.methods import named_methods
from core.store.methods import keep_method
from core.store.people import auth_mode
from core.whatif.card import places_in_words
from core.whatif.case import Case
from core.whatif.changes import moves
from core.whatif.edits import Edits
from core.whatif.flips import Flip, Track, find_flips
from core.whatif.knobs import Knob, knob_of, knobs, turn
from pages.sections import cases
from pages.sections.cases import Shown
from pages.widgets import reviewer, state, tables

_SECONDS_A_TRACK = 0.5
# More marks than this on one track cannot be told apart.
_MOST_MARKS = 24


def show_bar(shown: Shown) -> None:
    """Say what moved against the stored run, with the ways back and on."""
    page = shown.page
    if not shown.changed:
        return
    found = moves(shown.stored, shown.now)
    told = [move.text + _verdict(move.better) for move in found]
    lead = _changes_in_words(shown)
    if not told:
        told = ["Nothing moved."]
    with st.container(key=f"{page}.bar", border=True):
        tables.show_texts([f"{lead} Against the run at the left:"], key=f"{page}.bar_lead")
        tables.show_texts(told, key=f"{page}.moves")
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.button(
                "Reset all",
                key=f"{page}.reset",
                icon=":material/restart_alt:",
                on_click=partial(_reset, shown),
                help="back to the run at the left, with the links, words and entities as they were",
            )
            _show_save(shown)


def _verdict(better: bool | None) -> str:
    return "" if better is None else " – now as in gold" if better else " – no longer as in gold"


def _changes_in_words(shown: Shown) -> str:
    parts = []
    settings = len([1 for one in cases.overrides(shown.config, page=shown.page)])
    edits = shown.edits
    for count, name in (
        (settings if shown.turned != shown.config else 0, "setting"),
        (len(edits.added) + len(edits.removed), "link"),
        (len(edits.pins), "pin"),
        (len(edits.bans), "ban"),
    ):
        if count:
            parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    if edits.entities is not None:
        parts.append("source entities")
    if shown.pair is not shown.original:
        parts.append("words")
    return f"Changed: {', '.join(parts)}."


def _reset(shown: Shown) -> None:
    cases.overrides(shown.config, page=shown.page).clear()
    history = cases.history_of(shown.place, page=shown.page)
    cases.keep_history(shown.place, history.do(Edits()), page=shown.page)
    cases.keep_texts(shown.place, cases.NO_TEXTS, page=shown.page)


def _show_save(shown: Shown) -> None:
    page = shown.page
    if shown.turned == shown.config:
        return
    with st.popover("Save as a method", key=f"{page}.save_popover", icon=":material/save:"):
        name = st.text_input(
            "Name", key=f"{page}.save_name", help="letters, digits, - and _", placeholder="mine"
        )
        description = st.text_input(
            "What it is for",
            value=f"{shown.config.method} with {', '.join(_settings_in_words(shown))}",
            key=f"{page}.save_description",
        )
        with state.error_guard(f"{page}.saving"):
            # Alone nobody has to say who they are here; on a server it matters who saves.
            actor = None if auth_mode() == "local" else reviewer.reviewer_input()
            if st.button("Save", key=f"{page}.save", type="primary", disabled=not name.strip()):
                # A method of a person's own may be written anew; one that ships with us may not.
                keep_method(actor, shown.turned, name.strip(), description)
                st.session_state[f"{page}.saved"] = name.strip()
                st.rerun(scope="app")
        saved = st.session_state.pop(f"{page}.saved", None)
        if saved is not None and saved in named_methods():
            tables.show_texts(
                [f"Saved. The list of methods has {saved} now."],
                key=f"{page}.saved_note",
                tone="note",
            )


def _settings_in_words(shown: Shown) -> list[str]:
    values = cases.overrides(shown.config, page=shown.page)
    return [f"{key.split('.', 1)[1]} {value:g}" for key, value in values.items()]


def show_knobs(shown: Shown) -> list[tuple[Knob, DeltaGenerator]]:
    """Show a slider for each knob.

    Returns:
        For each knob in view, where its flip points go: they are found after everything else is on
        the screen.
    """
    first, others = cases.main_knobs(shown.config)
    strips = [_slider(shown, knob) for knob in first]
    if others:
        more = st.expander(
            "More: other scores, parameters of scores",
            key=f"{shown.page}.expander.knobs",
            on_change="rerun",
        )
        if more.open:
            with more:
                strips += [_slider(shown, knob) for knob in others]
    if not strips:
        tables.show_texts(["This method has no numbers to turn."], key=f"{shown.page}.no_knobs")
    return strips


def _slider(shown: Shown, knob: Knob) -> tuple[Knob, DeltaGenerator]:
    """Show one slider; its widget follows the what-if values, and these follow the widget."""
    values = cases.overrides(shown.config, page=shown.page)
    key = f"{shown.page}.whatif.{knob.key}"
    kind = int if knob.whole else float
    current = min(max(values.get(knob.key, knob.value), knob.low), knob.high)
    if st.session_state.get(key) != kind(current):
        # Only where it differs: a value that is set here takes back what was moved meanwhile.
        st.session_state[key] = kind(current)

    def take() -> None:
        value = float(st.session_state[key])
        if value == knob.value:
            values.pop(knob.key, None)
        else:
            values[knob.key] = value

    st.slider(
        knob.label,  # always the same: with another label it is another widget, and loses the focus
        min_value=kind(knob.low),
        max_value=kind(knob.high),
        step=kind(knob.step),
        key=key,
        on_change=take,
        help=knob.help or None,
    )
    # No empty place: its old marks stay until the new ones are known.
    return replace(knob, value=float(current)), st.container()


def show_flips(
    shown: Shown, strips: Sequence[tuple[Knob, DeltaGenerator]], entity: int | None
) -> list[Track]:
    """Mark on each track where decisions flip; called when all else is on the screen.

    Args:
        shown: the pair.
        strips: from `show_knobs`.
        entity: the one that is looked at; its flips are drawn stronger.
    """
    tracks = []
    for knob, strip in strips:
        track = find_track(shown, knob)
        tracks.append(track)
        with strip:
            _show_strip(shown, track, entity)
    return tracks


def find_track(shown: Shown, knob: Knob) -> Track:
    """Return where a knob flips decisions; the same wherever the knob itself stands."""
    lowest = replace(knob, value=knob.low)
    key = turn(shown.turned, {knob.key: knob.low}).model_dump_json()
    texts = cases.texts_of(shown.place, page=shown.page)
    found = _track(
        key, shown.place, texts, str(shown.edits), knob.key, shown.case, shown.turned, shown.edits,
        lowest,
    )  # fmt: skip
    return replace(found, knob=knob)


@st.cache_resource(max_entries=512, show_spinner=False)
def _track(
    config_json: str,  # noqa: ARG001 (part of the cache's key)
    place: state.Place,  # noqa: ARG001
    texts: cases.Texts,  # noqa: ARG001
    edits_text: str,  # noqa: ARG001
    knob_key: str,  # noqa: ARG001
    _case: Case,
    _config: RunConfig,
    _edits: Edits,
    _knob: Knob,
) -> Track:
    return find_flips(_case, _config, _edits, _knob, seconds=_SECONDS_A_TRACK, pause=state.pause)


def _show_strip(shown: Shown, track: Track, entity: int | None) -> None:
    name = re.sub(r"[^\w]+", "-", track.knob.key)
    with st.container(key=f"{shown.page}.flips.{name}"):
        st.html(_strip_html(shown, track, entity))


def _strip_html(shown: Shown, track: Track, entity: int | None) -> str:
    """Draw a mark at each flip point, and say in words what flips there."""
    knob = track.knob
    width = knob.high - knob.low or 1.0
    marks = "".join(
        f'<span class="sb-flip{" sb-own" if entity in flip.entities() else ""}" '
        f'data-at="{knob.text(flip.at)}" title="{escape(_flip_in_words(shown, flip))}" '
        f'style="--at:{(flip.at - knob.low) / width:.4f}"></span>'
        for flip in track.flips[:_MOST_MARKS]
    )
    run = knob_of(knobs(shown.config), knob.key)
    if run is not None and run.value != knob.value:
        marks += f'<span class="sb-run" style="--at:{(run.value - knob.low) / width:.4f}"></span>'
    if not track.flips:
        told = "no flip" if track.complete else "no flip found in the time given"
    else:
        told = "flips at " + ", ".join(
            f"{knob.text(flip.at)} ({_letters(flip)})" for flip in track.flips[:6]
        )
        if len(track.flips) > 6:
            told += f" and {len(track.flips) - 6} more"
        if not track.complete:
            told += "; not every position was tried"
    if run is not None and run.value != knob.value:
        told = f"run: {knob.text(run.value)}; {told}"
    return (
        f'<div class="sb-flips" role="note"><div class="sb-track" aria-hidden="true">{marks}</div>'
        f"<p>{escape(told)}</p></div>"
    )


def _letters(flip: Flip) -> str:
    return " ".join(entity_letter(one) for one in flip.entities())


def _flip_in_words(shown: Shown, flip: Flip) -> str:
    told = []
    for entity in flip.entities():
        if entity >= len(shown.now.pair.source.spans):
            continue
        old, new = (
            places_in_words(shown.now, tuple(one for one in places if one[0] == entity))
            for places in (flip.old, flip.new)
        )
        told.append(f"{entity_letter(entity)}: {old} → {new}")
    return f"{flip.knob.text(flip.at)}: " + "; ".join(told)
