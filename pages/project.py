"""Project: text of one language alone → its entities, by way of a language with a good tagger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

import streamlit as st

from core.config import RunConfig
from core.corpora import FORMATS
from core.errors import DataError
from core.raw_text import MOST_MEGABYTES, TEXT_FORMAT, RawText, SplitBy, read_bytes, read_text
from core.stage_choice import Stage, check_translation, missing_stages, needs_source
from core.types import SentencePair
from pages.sections import corpus_choice, entrance, results, stages, whole_form, whole_runs
from pages.sections.file_inputs import FORMAT_TITLES, language_input
from pages.widgets import forms, frame, pending, reviewer, state, tables

PASTED, UPLOADED, CORPUS, WHOLE = "Paste", "Upload", "Corpus", "Whole corpus"
EXAMPLE = (
    "Ada Lovelace escribió desde Londres a Charles Babbage.\n"
    "Miguel de Unamuno fue rector de la Universidad de Salamanca.\n"
    "La Cruz Roja abrió una oficina en Barcelona."
)
_ASKED = "project.asked"
_BROKEN_OFF = {
    "changed": ["The run was broken off: text or settings have changed. Run begins anew."],
    "stopped": ["The run was stopped. Run begins anew."],
}
# A session keeps every sentence with its whole trace.
_MOST_SENTENCES = 1000
_USUAL_SENTENCES = 100
_SPLITS: dict[SplitBy, str] = {
    "lines": "each is a sentence",
    "sentences": "each is a paragraph",
}
_FORMATS = {
    "": "guess from the content",
    TEXT_FORMAT: "running text",
    **FORMAT_TITLES,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Sentences that were chosen.

    Attributes:
        place: what they are known by.
        name: what signatures call them.
        needed: stages they cannot do without.
        read: reads them; called when the run begins.
    """

    place: state.Place
    name: str
    needed: tuple[Stage, ...]
    read: Callable[[], Sequence[SentencePair]]


def main() -> None:
    """Lay the page out: stages and method in the sidebar, the text, the button, the results."""
    st.title("Project")
    asked: tuple[RunConfig, state.Place] | None = None
    # Two boxes, so that a message above never moves the results: moved tabs lose their choice.
    above, below = st.container(), st.container()
    with above, state.error_guard("project"):
        with st.sidebar:
            box = st.container()
            config = forms.method_inputs("project")
        mode = st.segmented_control(
            "Sentences",
            [PASTED, UPLOADED, CORPUS, WHOLE],
            default=PASTED,
            required=True,
            key="project.mode",
            persist_state="session",
        )
        if mode == WHOLE:
            _show_whole(config, box)
            return
        wanted = _choose_sentences(config, mode)
        with box:
            config = stages.stage_inputs(config, wanted.needed, page="project")
        asked = (config, wanted.place)
        pressed = st.button("Run", type="primary", key="project.run", icon=":material/play_arrow:")
        _run_asked(config, wanted, pressed=pressed)
    with below, state.error_guard("project.results"):
        _show_results(*(asked or (None, None)))


def _run_asked(config: RunConfig, wanted: Wanted, *, pressed: bool) -> None:
    """Run what was asked for, now or before something broke in."""
    work = (config.model_dump_json(), wanted.place)
    with pending.asked_for(_ASKED, work, pressed=pressed) as asked:
        if asked == "wanted":
            pairs = wanted.read()
            check_translation(config, pairs)  # a language that cannot be translated is told at once
            area = st.empty()
            try:
                with area.container():
                    stop = partial(pending.stop, _ASKED)
                    st.button("Stop", on_click=stop, key="project.stop", icon=":material/stop:")
                    state.run_stages(config, pairs, wanted.place, wanted.name, page="project")
            finally:
                area.empty()
        with st.container():
            tables.show_texts(_BROKEN_OFF.get(asked, []), key="project.broken_off", tone="warning")


def _show_results(config: RunConfig | None, place: state.Place | None) -> None:
    run = state.kept_run(config, place, page="project")
    if run is None:
        return
    if config is None or run.key != (config.model_dump_json(), place):
        told = ["Text or settings have changed since: these results are those of the last run."]
    else:
        told = []
    with st.container():
        tables.show_texts(told, key="project.stale", tone="warning")
    results.show_run(run, page="project")


def _show_whole(config: RunConfig, box: Any) -> None:
    """Ask for a corpus to project as a whole, in a process of its own, and show such runs."""
    with st.sidebar:
        actor = reviewer.reviewer_input()
    if not entrance.is_open(actor, page="whole"):
        return
    whole_form.show_form(actor, config, box)
    whole_runs.show_runs(actor)


def _choose_sentences(config: RunConfig, mode: str) -> Wanted:
    if mode == CORPUS:
        return _choose_corpus(config)
    return _pasted(config) if mode == PASTED else _uploaded(config)


def _reading_inputs(config: RunConfig) -> tuple[str, str, SplitBy]:
    """Ask for the language of the text, the one to go by way of, and what a line is."""
    left, middle, right = st.columns(3)
    with left:
        language = language_input("Language of the text", key="project.language", usual="es")
    with middle:
        source_language = language_input(
            "By way of",
            key="project.source_language",
            usual="en",
            help="a language that has a good tagger: the text is translated into it, and its "
            "entities are projected back",
            disabled=not needs_source(config),
        )
    split: SplitBy = right.selectbox(
        "Lines",
        list(_SPLITS),
        format_func=lambda name: _SPLITS[name],
        key="project.split_by",
        persist_state="session",
    )
    return language, source_language, split


def _pasted(config: RunConfig) -> Wanted:
    language, source_language, split_by = _reading_inputs(config)
    text = st.text_area(
        "Text", value=EXAMPLE, height=130, key="project.text_input", persist_state="session"
    )

    def read() -> RawText:
        return read_text(
            text or "", language=language, source_language=source_language, split_by=split_by
        )

    place = ("text", text or "", language, source_language, split_by)
    return _wanted(config, place, f"text/{source_language}-{language}", read)


def _uploaded(config: RunConfig) -> Wanted:
    """Ask for a file; it is kept when the page is left."""
    language, source_language, split_by = _reading_inputs(config)
    store = "project.uploaded_file"

    def keep() -> None:
        file = st.session_state["project.file"]
        st.session_state[store] = None if file is None else (file.name, file.getvalue())

    st.file_uploader(
        "File: plain text, or with entities to compare with",
        max_upload_size=MOST_MEGABYTES,
        on_change=keep,
        key="project.file",
    )
    name, data = st.session_state.get(store) or ("", b"")
    if name and st.session_state["project.file"] is None:  # the box is empty on coming back
        tables.show_texts([f"Still here: {name}, {len(data)} bytes."], key="project.file_name")
    form = st.selectbox(
        "Format",
        ["", TEXT_FORMAT, *(name for name in FORMATS.names() if not FORMATS.get(name).binary)],
        format_func=lambda name: _FORMATS.get(name, name),
        key="project.format",
        persist_state="session",
    )

    def read() -> RawText:
        if not name:
            raise DataError(
                "a file must be chosen, got none",
                code="file-not-found",
                hint="drag one into the box above",
            )
        return read_bytes(
            data,
            name,
            language=language,
            source_language=source_language,
            form=form,
            split_by=split_by,
        )

    digest = sha256(data).hexdigest()
    place = ("file", name, digest, language, source_language, form, split_by)
    return _wanted(config, place, f"{name}/{source_language}-{language}", read)


def _wanted(
    config: RunConfig, place: state.Place, name: str, read: Callable[[], RawText]
) -> Wanted:
    needed: tuple[Stage, ...] = ("translator", "labeller") if needs_source(config) else ()

    def pairs() -> Sequence[SentencePair]:
        raw = read()
        raw.check_number(_MOST_SENTENCES)
        return raw.pairs

    return Wanted(place, name, needed, pairs)


def _choose_corpus(config: RunConfig) -> Wanted:
    """Ask for a named corpus; its own entities are kept aside to compare with."""
    place = corpus_choice.choose_corpus("project")
    most = st.number_input(
        "Sentences from its beginning",
        min_value=1,
        max_value=_MOST_SENTENCES,
        value=_USUAL_SENTENCES,
        key="project.most",
        persist_state="session",
    )
    corpus = state.read_corpus(*place)
    pairs = corpus.pairs[:most]
    if corpus.skipped:
        tables.show_texts(
            [f"{corpus.skipped} malformed sentences of this corpus were left out."],
            key="project.skipped",
            tone="warning",
        )
    name = "/".join(filter(None, [place[0], f"{place[1]}-{place[2]}", place[3], f"first {most}"]))
    return Wanted(("corpus", *place, most), name, missing_stages(config, pairs), lambda: pairs)


if frame.in_frame():
    main()
