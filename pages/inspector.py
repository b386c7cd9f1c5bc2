"""Inspector: one sentence pair, and every step that led from its entities to its translation's."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import streamlit as st

from core.config import RunConfig
from core.explain import explanation_record, typed_pair
from core.methods import named_methods
from core.stage_choice import missing_stages
from core.text import romanise
from core.types import SentencePair
from pages.sections import (
    cases,
    concordance,
    corpus_choice,
    corpus_runs,
    details,
    editing,
    matrices,
    sentences,
    stages,
    story,
    tracer,
    view_address,
    whatif,
    why,
)
from pages.sections.cases import Shown
from pages.widgets import addresses, forms, frame, state, tables

CORPUS, TYPED = "Corpus", "Your own sentences"
EXAMPLE_SOURCE = (
    "[PER Ada Lovelace] wrote to [PER Charles Babbage] from [LOC London] about the "
    "[ORG Royal Society]."
)
EXAMPLE_TARGET = (
    "Aus [LOC London] schrieb [PER Ada Lovelace] über die [ORG Royal Society] an "
    "[PER Charles Babbage]."
)
DECISIONS, LINKS, SCORES, EDIT = "Decisions", "Links", "Scores", "Edit"
ERRORS, CONCORDANCE, DETAILS = "Errors of the corpus", "Concordance", "Details and files"
TABS = (DECISIONS, LINKS, SCORES, EDIT, ERRORS, CONCORDANCE, DETAILS)
PAGE = "inspector"
_PAUSES, _PAUSE_SECONDS = 10, 0.015


@dataclass(frozen=True, slots=True)
class Chosen:
    """The pair to show.

    Attributes:
        pair: as the corpus has it.
        place: what it is known by.
        names: the same for the address.
        following: pairs behind it that the filters leave, each with its place.
    """

    pair: SentencePair
    place: state.Place
    names: Mapping[str, str | int]
    following: Sequence[tuple[SentencePair, state.Place]] = ()


def main() -> None:
    """Lay the page out: corpus and method in the sidebar, the sentence and its story below."""
    st.title("Inspector")
    romanise.warm_up()
    with state.error_guard(PAGE):
        view_address.follow(PAGE)
        with st.sidebar:
            place, config = _choose_corpus_and_method()
        _workbench(place, config)


def _choose_corpus_and_method() -> tuple[corpus_choice.CorpusPlace | None, RunConfig]:
    """Ask where sentences come from and what to do with them; no corpus for one's own."""
    mode = st.segmented_control(
        "Sentences from",
        [CORPUS, TYPED],
        default=CORPUS,
        required=True,
        key=f"{PAGE}.mode",
        persist_state="session",
    )
    place = corpus_choice.choose_corpus(PAGE) if mode == CORPUS else None
    _tell(
        [addresses.take_from_address(f"{PAGE}.method", "method", list(named_methods()))],
        about="method",
    )
    box = st.container()
    method = st.session_state.get(f"{PAGE}.method", next(iter(named_methods())))
    settings, messages = view_address.start_settings(method, page=PAGE)
    _tell(messages, about="set")
    config = forms.method_inputs(PAGE, settings=settings)
    # Typed sentences bring both sides and their entities.
    pairs = () if place is None else state.read_corpus(*place).pairs
    with box:
        return place, stages.stage_inputs(config, missing_stages(config, pairs), page=PAGE)


def _tell(messages: list[str], *, about: str) -> None:
    tables.show_texts(
        [message for message in messages if message], key=f"{PAGE}.address.{about}", tone="warning"
    )


@st.fragment
def _workbench(place: corpus_choice.CorpusPlace | None, config: RunConfig) -> None:
    """Show one sentence; what is changed here redraws this part of the page alone."""
    with state.error_guard(PAGE):
        # Boxes around what comes and goes: whatever stands below keeps its place among its
        # siblings, or the browser would build it anew and forget focus, zoom and scroll.
        with st.container():
            chosen = _typed() if place is None else _choose_sentence(config, place)
        if chosen is None:
            return
        told = view_address.take_view(chosen.place, chosen.pair, config, page=PAGE)
        with st.container():
            _tell(told, about="view")
        _show(cases.show(config, chosen.pair, chosen.place, page=PAGE), chosen, place)


def _show(shown: Shown, chosen: Chosen, corpus: corpus_choice.CorpusPlace | None) -> None:
    projection = shown.now
    record = explanation_record(projection)
    with st.container():
        whatif.show_bar(shown)
    story.show_pair(shown)
    with st.container():
        story.show_outcome(record, page=PAGE)
    left, right = st.columns([5, 4], gap="medium")
    with left, st.container(border=True, key=f"{PAGE}.why"):
        entity = why.choose_entity(shown)
        if entity is not None and projection.decisions:
            why.show_card(shown, entity)
        changes = st.container()
    with right, st.container(border=True, key=f"{PAGE}.whatif"):
        tables.show_heading("What if")
        strips = whatif.show_knobs(shown)
    tab = _show_tabs(shown, record, corpus, chosen)
    missing = view_address.write(shown, dict(chosen.names), tab=tab, usual_tab=DECISIONS)
    if missing:
        st.caption(f"The address of this view leads back to it, without {'; '.join(missing)}.")
    with suppress(state.Interrupted):
        # Last, so that the picture does not wait for it: many positions are solved here. The pause
        # lets the browser have the picture first; whoever goes on meanwhile ends this work.
        for _ in range(_PAUSES):
            time.sleep(_PAUSE_SECONDS)
            state.pause()
        tracks = whatif.show_flips(shown, strips, entity)
        if entity is not None and projection.failure is None:
            with changes:
                why.show_changes(shown, entity, tracks)


def _show_tabs(
    shown: Shown,
    record: dict[str, object],
    corpus: corpus_choice.CorpusPlace | None,
    chosen: Chosen,
) -> str:
    """Show the tabs; a tab's content is made when the tab is opened."""
    key = f"{PAGE}.tab"
    offered = [tab for tab in TABS if corpus is not None or tab not in (ERRORS, CONCORDANCE)]
    _tell([addresses.take_from_address(key, "tab", offered)], about="tab")
    tabs = st.tabs(offered, on_change="rerun", key=key)
    shows: dict[str, Callable[[], None]] = {
        DECISIONS: partial(story.show_decisions_and_diagnosis, shown.now, record, page=PAGE),
        LINKS: partial(matrices.show_links, shown.now, page=PAGE),
        SCORES: partial(matrices.show_scores, shown.now, page=PAGE),
        EDIT: partial(editing.show_forms, shown),
        ERRORS: partial(_show_corpus, shown, corpus, tracer.show_tracer),
        CONCORDANCE: partial(_show_corpus, shown, corpus, concordance.show_concordance),
        DETAILS: partial(details.show_files, shown, record, corpus, chosen.following),
    }
    open_tab = DECISIONS
    for name, tab in zip(offered, tabs, strict=True):
        if tab.open:
            open_tab = name
            with tab:
                shows[name]()
    return open_tab


def _show_corpus(
    shown: Shown,
    corpus: corpus_choice.CorpusPlace | None,
    show: Callable[..., None],
) -> None:
    """Show something of the whole corpus, projected with the run at the left."""
    if corpus is None:
        return
    pairs = state.read_corpus(*corpus).pairs
    # A name of its own: the filter on top may be asking for the same run at the same time.
    run = corpus_runs.corpus_run(shown.config, pairs, corpus, page=f"{PAGE}.corpus")
    if run is not None:
        show(run, pairs, page=PAGE, open_sentence=partial(_open, corpus))


def _open(corpus: corpus_choice.CorpusPlace, number: int, entity: int | None) -> None:
    """Go to a sentence of the corpus, and there to an entity."""
    st.session_state[f"{PAGE}.sentence"] = number
    cases.select_entity((*corpus, number), entity, page=PAGE)


def _choose_sentence(config: RunConfig, place: corpus_choice.CorpusPlace) -> Chosen | None:
    """Ask for a sentence of a corpus; search and filter shorten the list."""
    corpus = state.read_corpus(*place)
    if corpus.skipped:
        tables.show_texts(
            [f"{corpus.skipped} malformed sentences of this corpus were left out."],
            key=f"{PAGE}.skipped",
            tone="warning",
        )
    asked = sentences.choose_sentence(corpus.pairs, config, place, page=PAGE)
    if asked is None:
        return None
    number, found = asked
    names = dict(
        zip(("corpus", "source", "target", "split", "sentence"), (*place, number), strict=True)
    )
    behind = [(corpus.pairs[one - 1], (*place, one)) for one in found if one > number]
    return Chosen(
        corpus.pairs[number - 1], (*place, number), names, behind[: details.MOST_FOLLOWING]
    )


def _typed() -> Chosen:
    """Ask for two sentences and their languages.

    Raises:
        DataError: a sentence without words or with malformed brackets.
    """
    tables.show_texts(
        ["Mark entities as [PER Ada Lovelace]; those marked in the target are gold."],
        key=f"{PAGE}.typed_help",
    )
    sides = []
    examples = (("source", EXAMPLE_SOURCE, "en"), ("target", EXAMPLE_TARGET, "de"))
    for column, (name, example, language) in zip(st.columns(2), examples, strict=True):
        with column:
            text = st.text_area(
                f"{name.capitalize()} sentence",
                value=example,
                key=f"{PAGE}.typed_{name}",
                persist_state="session",
            )
            code = st.text_input(
                f"{name.capitalize()} language",
                value=language,
                key=f"{PAGE}.typed_{name}_language",
                help="a BCP-47 code such as en, pt-BR or zh",
                persist_state="session",
            )
        sides.append((text, code.strip() or "und"))
    (source, source_language), (target, target_language) = sides
    place = (source, target, source_language, target_language)
    # What was typed is never put into the address.
    return Chosen(typed_pair(*place), ("typed", *place), {})


if frame.in_frame():
    main()
