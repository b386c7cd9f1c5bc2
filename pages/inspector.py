"""Inspector: one sentence pair, and every step that led from its entities to its translation's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.config import RunConfig
from core.explain import explanation_record, typed_pair
from core.methods import named_methods
from core.stage_choice import missing_stages
from core.types import Projection, SentencePair
from pages.sections import corpus_choice, details, matrices, stages, story
from pages.widgets import forms, frame, state, tables

CORPUS, TYPED = "Corpus", "Your own sentences"
EXAMPLE_SOURCE = (
    "[PER Ada Lovelace] wrote to [PER Charles Babbage] from [LOC London] about the "
    "[ORG Royal Society]."
)
EXAMPLE_TARGET = (
    "Aus [LOC London] schrieb [PER Ada Lovelace] über die [ORG Royal Society] an "
    "[PER Charles Babbage]."
)
# Larger corpora are projected as a whole only when a button asks for it.
_AT_ONCE = 200
_LABEL_LENGTH = 90


@dataclass(frozen=True, slots=True)
class Chosen:
    """The pair to show and what it is known by."""

    pair: SentencePair
    place: state.Place


def main() -> None:
    """Lay the page out: what to show on top and in the sidebar, the sentence below."""
    st.title("Inspector")
    with state.error_guard("inspector"):
        with st.sidebar:
            place, config = _choose_corpus_and_method()
        if place is None:
            # What was typed is never put into the address.
            state.write_address({"method": config.method})
            chosen: Chosen | None = _typed()
        else:
            chosen = _choose_sentence(config, place)
        if chosen is not None:
            _show(state.project(config, chosen.pair, chosen.place))


def _choose_corpus_and_method() -> tuple[corpus_choice.CorpusPlace | None, RunConfig]:
    """Ask where sentences come from and what to do with them; no corpus for one's own."""
    mode = st.segmented_control(
        "Sentences from",
        [CORPUS, TYPED],
        default=CORPUS,
        required=True,
        key="inspector.mode",
        persist_state="session",
    )
    place = corpus_choice.choose_corpus("inspector") if mode == CORPUS else None
    _tell(state.take_from_address("inspector.method", "method", list(named_methods())), "method")
    box = st.container()
    config = forms.method_inputs("inspector")
    # Typed sentences bring both sides and their entities.
    pairs = () if place is None else state.read_corpus(*place).pairs
    with box:
        return place, stages.stage_inputs(config, missing_stages(config, pairs), page="inspector")


def _show(projection: Projection) -> None:
    record = explanation_record(projection)
    story.show_story(projection, record, page="inspector")
    links, scores, rest = st.tabs(
        ["Links", "Scores", "Details and download"], on_change="rerun", key="inspector.tabs"
    )
    # A tab's content is made when the tab is opened: charts of long sentences take a while.
    if links.open:
        with links:
            matrices.show_links(projection, page="inspector")
    if scores.open:
        with scores:
            matrices.show_scores(projection, page="inspector")
    if rest.open:
        with rest:
            details.show_details(projection, record, page="inspector")


def _tell(message: str, about: str) -> None:
    tables.show_texts(
        [message] if message else [], key=f"inspector.address.{about}", tone="warning"
    )


def _choose_sentence(config: RunConfig, place: corpus_choice.CorpusPlace) -> Chosen | None:
    """Ask for a sentence of a corpus; search and filter shorten the list."""
    corpus = state.read_corpus(*place)
    if corpus.skipped:
        tables.show_texts(
            [f"{corpus.skipped} malformed sentences of this corpus were left out."],
            key="inspector.skipped",
            tone="warning",
        )
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    query = left.text_input(
        "Search both sentences", key="inspector.search", type="search", persist_state="session"
    )
    only_errors = right.toggle(
        "Only errors",
        key="inspector.only_errors",
        help="sentences whose projection differs from gold, or failed; projects the whole corpus",
        persist_state="session",
    )
    shown = _matching(corpus.pairs, query)
    if only_errors:
        shown = _wrong(config, corpus.pairs, place, shown)
    if not shown:
        tables.show_texts(["No sentence fits."], key="inspector.nothing", tone="note")
        return None
    if st.session_state.get("inspector.shown") not in (None, place):
        # Set anew even where it stays 1: the browser would keep the old sentence's text in the box.
        st.session_state["inspector.sentence"] = 1
    st.session_state["inspector.shown"] = place
    number = _sentence_input(corpus.pairs, shown)
    names = ("corpus", "source", "target", "split", "sentence", "method")
    values = (*place, number, config.method)
    state.write_address(dict(zip(names, values, strict=True)))
    return Chosen(corpus.pairs[number - 1], (*place, number))


def _matching(pairs: Sequence[SentencePair], query: str) -> list[int]:
    """List the numbers, from 1, of the sentences that hold the text that is searched for."""
    wanted = query.casefold().strip()
    return [
        number
        for number, pair in enumerate(pairs, start=1)
        if wanted in f"{pair.id}\n{pair.source.text}\n{pair.target.text}".casefold()
    ]


def _wrong(
    config: RunConfig,
    pairs: Sequence[SentencePair],
    place: corpus_choice.CorpusPlace,
    shown: list[int],
) -> list[int]:
    statuses = state.known_statuses(config, place)
    if statuses is None:
        wanted = len(pairs) <= _AT_ONCE or st.button(
            f"Project all {len(pairs)} sentences to find the errors", key="inspector.project_all"
        )
        if not wanted:
            return shown
        statuses = state.find_statuses(config, pairs, place)
    differ, failed = statuses.count("differs"), statuses.count("failed")
    tables.show_texts(
        [f"{differ} of {len(pairs)} sentences differ from gold, {failed} failed."],
        key="inspector.error_count",
        tone="note",
    )
    return [number for number in shown if statuses[number - 1] in ("differs", "failed")]


def _sentence_input(pairs: Sequence[SentencePair], shown: list[int]) -> int:
    key = "inspector.sentence"
    _tell(state.take_from_address(key, "sentence", shown), "sentence")

    def label(number: int) -> str:
        pair = pairs[number - 1]
        return f"{number} · {pair.id} · {(pair.source.text or pair.target.text)[:_LABEL_LENGTH]}"

    def step(by: int) -> None:
        here = shown.index(st.session_state[key])
        st.session_state[key] = shown[(here + by) % len(shown)]

    left, middle, right = st.columns([6, 1.5, 1.5], vertical_alignment="bottom", wrap=False)
    number: int = left.selectbox(
        f"Sentence ({len(shown)} of {len(pairs)})",
        shown,
        format_func=label,
        key=key,
        persist_state="session",
    )
    for column, name, by, shortcut in (
        (middle, "Previous", -1, "K"),
        (right, "Next", 1, "J"),
    ):
        column.button(
            name,
            key=f"inspector.{name.lower()}",
            on_click=step,
            args=(by,),
            shortcut=shortcut,
            width="stretch",
        )
    return number


def _typed() -> Chosen:
    """Ask for two sentences and their languages.

    Raises:
        DataError: a sentence without words or with malformed brackets.
    """
    tables.show_texts(
        ["Mark entities as [PER Ada Lovelace]; those marked in the target are gold."],
        key="inspector.typed_help",
    )
    sides = []
    examples = (("source", EXAMPLE_SOURCE, "en"), ("target", EXAMPLE_TARGET, "de"))
    for column, (name, example, language) in zip(st.columns(2), examples, strict=True):
        with column:
            text = st.text_area(
                f"{name.capitalize()} sentence",
                value=example,
                key=f"inspector.typed_{name}",
                persist_state="session",
            )
            code = st.text_input(
                f"{name.capitalize()} language",
                value=language,
                key=f"inspector.typed_{name}_language",
                help="a BCP-47 code such as en, pt-BR or zh",
                persist_state="session",
            )
        sides.append((text, code.strip() or "und"))
    (source, source_language), (target, target_language) = sides
    place = (source, target, source_language, target_language)
    return Chosen(typed_pair(*place), ("typed", *place))


if frame.in_frame():
    main()
