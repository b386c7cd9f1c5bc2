"""Sentences of one language with their projections, and what goes wrong in a whole corpus.

Nothing is projected until its tab is opened: the page's first picture must not wait for a model.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.config import RunConfig
from core.languages import Language
from core.methods import DEFAULT, named_methods
from core.stage_choice import with_stages
from core.types import Projection
from core.whatif.edits import NO_EDITS
from pages.sections import capsule, cases, corpus_runs, tracer
from pages.sections.choices import choose_one
from pages.sections.compare_sentence import open_inspector
from pages.sections.corpus_choice import CorpusPlace
from pages.sections.languages_choice import PAGE
from pages.widgets import state, tables, text_view

_GO_ON = f"{PAGE}.go_on"
_USUAL_SOURCE, _USUAL_CORPUS = "en", "demo"
_MOST, _USUAL = 20, 3


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A corpus in the language, and what projects it.

    Attributes:
        place: corpus, source, target, split.
        corpus: its sentences.
        config: the method, with the stages it needs.
    """

    place: CorpusPlace
    corpus: state.LoadedCorpus
    config: RunConfig


def go_on() -> None:
    """Go to the sentence that was chosen in the list of errors; a callback cannot leave a page."""
    asked = st.session_state.pop(_GO_ON, None)
    if asked is not None:
        open_inspector(*asked)


def address() -> dict[str, str | int]:
    """Return corpus and method as parts of the address."""
    names = ("corpus", "method")
    return {name: st.session_state.get(f"{PAGE}.{name}") or "" for name in names}


def show_examples(language: Language) -> None:
    """Show sentences with their projections, and offer them as a capsule.

    Args:
        language: of the target sentences.

    Raises:
        SpanbridgeError: the corpus cannot be read, or the method cannot run on it.
    """
    chosen = _corpus_and_method(language)
    if chosen is None:
        return
    pairs = chosen.corpus.pairs
    left, right, _ = st.columns([1, 1, 2])
    key = ".".join(filter(None, (PAGE, *chosen.place)))
    first = left.number_input("From sentence", 1, len(pairs), key=f"{key}.first")
    most = min(_MOST, len(pairs))
    count = right.number_input("Sentences", 1, most, min(_USUAL, most), key=f"{key}.count")
    shown = range(int(first), min(int(first + count), len(pairs) + 1))
    projections = [_show_sentence(chosen, number, key=key) for number in shown]
    tables.show_heading("Capsule: to present, or to send to a colleague")
    capsule.show_capsule(
        projections,
        chosen.config,
        page=PAGE,
        name="/".join(filter(None, chosen.place)),
        licence=state.corpora()[chosen.place[0]].licence,
    )


def _show_sentence(chosen: _Chosen, number: int, *, key: str) -> Projection:
    """Project a sentence and show it; one that fails is shown as failed."""
    pair = chosen.corpus.pairs[number - 1]
    place = (*chosen.place, number)
    _, projection = cases.solved(chosen.config, place, cases.NO_TEXTS, NO_EDITS, pair)
    if projection.failure is not None:
        told = f"Sentence {number} failed: {projection.failure.message}"
        tables.show_texts([told], key=f"{PAGE}.failed.{number}", tone="error")
    text_view.show_pair(projection, key=f"{key}.text.{number}")
    return projection


def show_errors(language: Language) -> None:
    """Show what a whole corpus lost, by stage, with every entity.

    Args:
        language: of the target sentences.

    Raises:
        SpanbridgeError: the corpus cannot be read, or the method cannot run on it.
    """
    chosen = _corpus_and_method(language)
    if chosen is None:
        return
    pairs = chosen.corpus.pairs
    run = corpus_runs.corpus_run(chosen.config, pairs, chosen.place, page=f"{PAGE}.corpus")

    def open_sentence(number: int, _: int | None) -> None:
        st.session_state[_GO_ON] = (chosen.place, number, chosen.config.method)

    if run is not None:
        tracer.show_tracer(run, pairs, page=PAGE, open_sentence=open_sentence)


def _corpus_and_method(language: Language) -> _Chosen | None:
    """Ask for a corpus in this language and for a method; None where there is no corpus."""
    places = _places(language)
    if not places:
        tables.show_texts(
            [
                f"No corpus with sentences in {language.name} is at hand. The page Project takes "
                "text of your own, and `python -m core corpora` lists what can be had."
            ],
            key=f"{PAGE}.no_corpus",
            tone="note",
        )
        return None
    left, right = st.columns(2)
    with left:
        name = choose_one(PAGE, "Corpus", "corpus", list(places), {})
    with right:
        method = choose_one(PAGE, "Method", "method", _methods(), {})
    place = places[name]
    corpus = state.read_corpus(*place)
    if corpus.skipped:
        tables.show_texts(
            [f"{corpus.skipped} malformed sentences of this corpus were left out."],
            key=f"{PAGE}.skipped",
            tone="warning",
        )
    return _Chosen(place, corpus, with_stages(named_methods()[method].config, corpus.pairs))


def _methods() -> list[str]:
    return sorted(named_methods(), key=lambda name: name != DEFAULT)


def _places(language: Language) -> dict[str, CorpusPlace]:
    """Return the corpora at hand that have this language as a target, by what to call them."""
    places: dict[str, CorpusPlace] = {}
    for name, corpus in state.corpora().items():
        sources = [source for source, target in corpus.pairs if target == language.code]
        if not corpus.available or not sources:
            continue
        source = _USUAL_SOURCE if _USUAL_SOURCE in sources else sources[0]
        for split in sorted(corpus.splits, key=lambda one: one != "test") or [""]:
            place = (name, source, language.code, split)
            places["/".join(filter(None, (name, f"{source}-{language.code}", split)))] = place
    return places
