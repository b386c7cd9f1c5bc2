"""A corpus as a whole: which sentences, by which engine; then it is started as a run of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from core import jobs
from core.chunks.cutting import CorpusChoice
from core.chunks.files import USUAL_PAIRS
from core.chunks.reading import CorpusFiles
from core.chunks.shards import SHARD_FORMS, ShardForm
from core.commands._project_whole import plan_projection
from core.config import ComponentChoice, RunConfig
from core.engine import ENGINES
from core.errors import DataError
from core.exchange import MAX_FILE_BYTES
from core.stage_choice import Stage, missing_stages, needs_source
from core.store.people import Actor
from core.whole_corpus import NOWHERE, Order
from pages.sections import corpus_choice, run_controls, stages, whole_runs
from pages.sections.file_inputs import Upload, file_input, language_input
from pages.sections.whole_runs import PAGE
from pages.widgets import forms, state, tables

CORPUS, FILES = "A corpus", "Files"
_FORMS = {
    "parquet": "Parquet, as Hugging Face has it",
    "jsonl": "JSON lines, with every decision",
    "conll": "CoNLL: word and tag, to train on",
}


@dataclass(frozen=True, slots=True)
class _Sentences:
    """What was chosen.

    Attributes:
        needed: stages they cannot do without.
        choice: makes the choice; called when the run is started.
    """

    needed: tuple[Stage, ...]
    choice: Callable[[], CorpusChoice]


def show_form(actor: Actor | None, config: RunConfig, sidebar: Any) -> None:
    """Ask for a corpus and an engine, and start the run.

    Args:
        actor: who is there; None as long as nobody has said.
        config: the method.
        sidebar: container for the stages' inputs.
    """
    told = st.container()
    origin = st.segmented_control(
        "From",
        [CORPUS, FILES],
        default=CORPUS,
        required=True,
        key=f"{PAGE}.origin",
        persist_state="session",
    )
    with st.container():
        found = _named(config) if origin == CORPUS else _uploaded(config)
    with sidebar:
        config = stages.stage_inputs(config, found.needed, page="project")
    engine, form, size = _engine_inputs()
    name = st.text_input(
        "What to call it",
        key=f"{PAGE}.name",
        persist_state="session",
        placeholder="method and corpus",
    )

    def begin() -> None:
        order = Order(found.choice(), config, NOWHERE, form=form, size=size)
        run = jobs.create(plan_projection(order, engine, name=(name or "").strip()))
        st.session_state[whole_runs.CHOSEN] = run.id
        jobs.start()

    st.button(
        "Start",
        type="primary",
        icon=":material/play_arrow:",
        key=f"{PAGE}.begin",
        on_click=partial(run_controls.attempt, actor, begin, "On its way: it is shown below."),
    )
    with told:
        run_controls.show_told()


def _engine_inputs() -> tuple[ComponentChoice, ShardForm, int]:
    """Ask who does the work, and for form and size of the shards."""
    left, right = st.columns(2, gap="large")
    with left:
        engine = forms.choose_component(
            ENGINES, ComponentChoice(name="local"), key=f"{PAGE}.engine", label="Engine"
        )
    with right:
        form = st.selectbox(
            "Shards",
            SHARD_FORMS,
            format_func=lambda one: _FORMS[one],
            key=f"{PAGE}.form",
            persist_state="session",
        )
        size = st.number_input(
            "Pairs in a shard",
            1,
            100_000,
            USUAL_PAIRS,
            key=f"{PAGE}.size",
            persist_state="session",
            help="they are projected together; a run that is killed does no more than these again",
        )
    return engine, form, int(size)


def _named(config: RunConfig) -> _Sentences:
    name, source, target, split = corpus_choice.choose_corpus("project")
    corpus = state.read_corpus(name, source, target, split)
    most = st.number_input(
        "Pairs from its beginning",
        min_value=1,
        value=None,
        placeholder=f"all {len(corpus.pairs):,}",
        key=f"{PAGE}.most",
        persist_state="session",
    )
    choice = CorpusChoice(source, target, name=name, split=split, limit=most, skip_bad=True)
    return _Sentences(missing_stages(config, corpus.pairs), lambda: choice)


def _uploaded(config: RunConfig) -> _Sentences:
    left, right = st.columns(2, gap="large")
    with left:
        source_language = language_input("Source language", key=f"{PAGE}.source", usual="en")
        source = file_input(
            "Source sentences with entities; none: they are translated from the target's",
            key=f"{PAGE}.source_file",
        )
    with right:
        target_language = language_input("Target language", key=f"{PAGE}.target", usual="de")
        target = file_input("Their translations; none: they are made", key=f"{PAGE}.target_file")
    megabytes = MAX_FILE_BYTES >> 20
    tables.show_texts(
        [
            f"Files above {megabytes} MB are read where they are by the command line: "
            "python -m core project --engine local --source-file F --target-file F …"
        ],
        key=f"{PAGE}.large",
    )

    def choose() -> CorpusChoice:
        if source is None and target is None:
            raise DataError(
                "a file must be chosen, got none",
                code="file-not-found",
                hint="drag one into a box above",
            )
        files = CorpusFiles(_kept(source), _kept(target))
        return CorpusChoice(source_language, target_language, files=files, skip_bad=True)

    needed: tuple[Stage, ...] = ("translator", "labeller") if source is None else ()
    if source is not None and target is None:
        needed = ("translator",)
    return _Sentences(needed if needs_source(config) else (), choose)


def _kept(file: Upload | None) -> Path | None:
    return None if file is None else jobs.keep_input(file.name, file.data)
