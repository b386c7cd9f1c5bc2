"""What a run learns from, part by part: named corpora, files, and what a project holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from core.datasets import DATASETS, describe_corpora
from core.datasets._one_side import load_side
from core.errors import DataError, SpanbridgeError
from core.exchange import export_sentences
from core.jobs import keep_input
from core.review.reviewed import final_states, reviewed_sentences
from core.store.decisions import states
from core.store.people import Actor, require_on_server
from core.store.projects import Project, items, projects
from core.store.runs import load_run, runs
from core.training.spec import DataChoice, Kind
from pages.sections.file_inputs import file_input, language_input, show_chosen
from pages.widgets import reviewer, tables

PAGE = "train"
CORPUS, FILE, PROJECT = "A corpus", "A file", "A project"
_ORIGINS: dict[Kind, tuple[str, ...]] = {"ner": (CORPUS, FILE, PROJECT), "qa": (FILE,)}
_REVIEWED = "only what was reviewed"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the data on the list.

    Attributes:
        choice: as the run is asked for it.
        title: how people know it.
    """

    choice: DataChoice
    title: str


def parts_input(
    actor: Actor | None, task: Kind, role: str, *, usual: str, as_files: bool = False
) -> tuple[DataChoice, ...]:
    """Ask for parts of the data; they make up one list.

    Args:
        actor: who is there; None as long as nobody has said.
        task: what is trained.
        role: `data` or `dev`, part of the widget keys.
        usual: what is taken where the list is empty.
        as_files: whether corpora are written to files too.
    """
    key = f"{PAGE}.{task}.{role}"
    parts: list[Part] = st.session_state.setdefault(f"{key}.parts", [])
    _show_parts(parts, key=key, usual=usual)
    with st.expander("Add to the list", key=f"{key}.expander"):
        make = _part_input(_ORIGINS[task], key=key, as_files=as_files)
        weight = 1.0
        if role == "data":
            weight = st.number_input(
                "Weight",
                0.1,
                100.0,
                1.0,
                0.5,
                key=f"{key}.weight",
                help="how often a pass over the data sees each of its sentences",
            )
        st.button(
            "Add",
            key=f"{key}.add",
            icon=":material/add:",
            disabled=make is None,
            on_click=partial(_add, actor, key, make, weight) if make else None,
        )
        with st.container():
            wrong = st.session_state.pop(f"{key}.wrong", "")
            tables.show_texts([wrong] if wrong else [], key=f"{key}.wrong_text", tone="error")
    return tuple(part.choice for part in parts)


def _part_input(origins: Sequence[str], *, key: str, as_files: bool) -> Callable[[], Part] | None:
    """Ask for a part; what is returned makes it, None as long as something is missing."""
    origin = origins[0]
    if len(origins) > 1:
        origin = st.segmented_control(
            "From",
            origins,
            default=origins[0],
            required=True,
            key=f"{key}.origin",
            persist_state="session",
        )
    asks: dict[str, Callable[[str], Callable[[], Part] | None]] = {
        CORPUS: partial(_corpus_input, as_file=as_files),
        FILE: _file_input,
        PROJECT: _project_input,
    }
    with st.container():
        return asks[origin](key)


def _show_parts(parts: list[Part], *, key: str, usual: str) -> None:
    with st.container():
        tables.show_texts([] if parts else [f"Nothing chosen: {usual}."], key=f"{key}.usual")
    told = [f"{one.title} ({one.choice.language}), weight {one.choice.weight:g}" for one in parts]
    show_chosen(told, parts.pop, key=key)


def _add(actor: Actor | None, key: str, make: Callable[[], Part], weight: float) -> None:
    try:
        # What is added is written to a file of this machine.
        require_on_server(actor, "reviewer", "keep data for a run")
        part = make()
    except SpanbridgeError as error:
        st.session_state[f"{key}.wrong"] = str(error)
        return
    choice = DataChoice(part.choice.source, part.choice.language, weight)
    st.session_state[f"{key}.parts"].append(Part(choice, part.title))


def _corpus_input(key: str, *, as_file: bool) -> Callable[[], Part] | None:
    found = {
        one.name: one
        for one in sorted(describe_corpora(), key=lambda one: one.name)
        if one.available and one.languages
    }
    left, middle, right = st.columns(3)
    name = left.selectbox(
        "Corpus", list(found), key=f"{key}.corpus", persist_state="session", index=None
    )
    if not name:
        return None
    language = middle.selectbox(
        "Language", found[name].languages, key=f"{key}.language.{name}", persist_state="session"
    )
    splits = DATASETS.get(name).splits
    split = right.selectbox(
        "Split", splits, key=f"{key}.split.{name}", persist_state="session", disabled=not splits
    )
    source = "/".join(filter(None, (name, language, split)))

    def make() -> Part:
        if not as_file:
            return Part(DataChoice(source, language), source)
        exported = export_sentences(load_side(source), "jsonl", stem=source.replace("/", "-"))
        path = keep_input(exported.file_name, exported.content)
        return Part(DataChoice(str(path), language), source)

    return make


def _file_input(key: str) -> Callable[[], Part] | None:
    file = file_input(
        "Labelled sentences in any of the formats, or questions as SQuAD's JSON", key=f"{key}.file"
    )
    language = language_input("Its language", key=f"{key}.file_language", usual="en")
    if file is None:
        return None
    kept = file

    def make() -> Part:
        return Part(DataChoice(str(keep_input(kept.name, kept.data)), language), kept.name)

    return make


def _project_input(key: str) -> Callable[[], Part] | None:
    store = reviewer.store()
    found = {one.name: one for one in projects(store)}
    left, right = st.columns(2)
    name = left.selectbox(
        "Project", list(found), key=f"{key}.project", persist_state="session", index=None
    )
    if not name:
        return None
    project = found[name]
    stored = {run.name: run for run in runs(store, project)}
    run = right.selectbox(
        "Sentences nobody has decided on",
        [_REVIEWED, *stored],
        format_func=lambda one: one if one == _REVIEWED else f"as in the run {one}",
        key=f"{key}.project_run.{project.id}",
        help="what was reviewed always counts; sentences that failed in the run stay out",
        persist_state="session",
    )
    return partial(_from_project, project, "" if run == _REVIEWED else run)


def _from_project(project: Project, run: str) -> Part:
    """Write what a project holds now, which later decisions do not change any more."""
    store = reviewer.store()
    fill = next((one for one in runs(store, project) if one.name == run), None)
    sentences = reviewed_sentences(
        items(store, project),
        final_states(project, states(store, project, None)),
        fill=None if fill is None else load_run(store, fill),
    )
    told = f"run {run}" if run else _REVIEWED
    if not any(sentence.spans for sentence in sentences):
        raise DataError(
            f"the project must have entities to learn from ({told}), got none",
            code="missing-gold",
        )
    exported = export_sentences(sentences, "jsonl", stem=f"{project.name}-{run or 'reviewed'}")
    path = keep_input(exported.file_name, exported.content)
    title = f"{project.name}, {told}: {len(sentences)} sentences"
    return Part(DataChoice(str(path), project.target_language), title)
