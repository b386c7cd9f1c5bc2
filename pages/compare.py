"""Compare: any number of methods and runs over the same sentences, and where they disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import streamlit as st

from core.config import RunConfig
from core.methods import DEFAULT, method, named_methods
from core.overview.disagreement import Survey, survey
from core.overview.outcomes import CorpusRun
from core.overview.run_files import read_run_bytes
from core.stage_choice import with_stages
from core.types import SentencePair
from pages.sections import (
    compare_maps,
    compare_queue,
    compare_scores,
    compare_sentence,
    corpus_choice,
    corpus_runs,
)
from pages.widgets import addresses, frame, state, tables

_USUAL = (DEFAULT, "ilp", "heuristic")
_FILES = "compare.kept_files"
_MOST_MEGABYTES = 50
SENTENCES, MAP, AGREEMENT, SIGNIFICANCE = "Sentences", "Map", "Agreement", "Significance"


@dataclass(frozen=True, slots=True)
class _File:
    """An uploaded run: its name, its content, and what tells it from others."""

    name: str
    data: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class _Known:
    """A run, and what tells it from others in the caches."""

    run: CorpusRun
    key: str


def main() -> None:
    """Lay the page out: corpus and methods in the sidebar, the comparison below."""
    st.title("Compare")
    with state.error_guard("compare"):
        with st.sidebar:
            place = corpus_choice.choose_corpus("compare")
            names = _method_input()
            files = _file_input()
        corpus = state.read_corpus(*place)
        if corpus.skipped:
            tables.show_texts(
                [f"{corpus.skipped} malformed sentences of this corpus were left out."],
                key="compare.skipped",
                tone="warning",
            )
        if not names and not files:
            addresses.write_address(_place_address(place))
            tables.show_texts(["Choose a method."], key="compare.nothing_chosen", tone="note")
            return
        runs = _runs(names, files, corpus.pairs, place)
        if not runs:
            addresses.write_address({**_place_address(place), "methods": ",".join(names)})
            return
        _show(runs, corpus.pairs, place, names)


def _method_input() -> list[str]:
    options = list(named_methods())
    message = addresses.take_list_from_address("compare.methods", "methods", options)
    tables.show_texts([message] if message else [], key="compare.address.methods", tone="warning")
    st.session_state.setdefault("compare.methods", list(_USUAL))
    chosen: list[str] = st.multiselect(
        "Methods",
        options,
        key="compare.methods",
        help="each with its usual settings; your own come last (python -m core tune --save)",
        persist_state="session",
    )
    return chosen


def _file_input() -> list[_File]:
    """Ask for runs made elsewhere; they are kept when the page is left."""

    def keep() -> None:
        st.session_state[_FILES] = [
            _File(file.name, file.getvalue(), sha256(file.getvalue()).hexdigest())
            for file in st.session_state["compare.files"]
        ]

    shown = st.file_uploader(
        "Runs from files",
        accept_multiple_files=True,
        max_upload_size=_MOST_MEGABYTES,
        help="labelled files of the same target sentences in the same order, such as "
        "`python -m core project --out run.jsonl` writes; failed sentences stay failed",
        key="compare.files",
        on_change=keep,
    )
    kept: list[_File] = st.session_state.get(_FILES, [])
    if kept and not shown:  # the box is empty on coming back
        tables.show_texts(
            [f"Still here: {', '.join(file.name for file in kept)}."], key="compare.file_names"
        )
        if st.button("Leave them out", key="compare.drop_files"):
            del st.session_state[_FILES]
            return []
    return kept


def _runs(
    names: Sequence[str],
    files: Sequence[_File],
    pairs: Sequence[SentencePair],
    place: corpus_choice.CorpusPlace,
) -> dict[str, _Known]:
    """Run the methods and read the files; what cannot be had is told and left out."""
    configs: dict[str, RunConfig] = {}
    for name in names:
        with state.error_guard(f"compare.method.{name}"):
            configs[name] = with_stages(method(name), pairs)
    found = corpus_runs.corpus_runs(configs, pairs, place, page="compare")
    runs = {name: _Known(run, configs[name].model_dump_json()) for name, run in found.items()}
    for place_of_file, file in enumerate(files):
        with state.error_guard(f"compare.file.{place_of_file}"):
            run = _read_file(file.name, file.digest, place, file.data, pairs)
            name = file.name if file.name not in runs else f"{file.name} ({place_of_file + 1})"
            runs[name] = _Known(run, file.digest)
    return runs


@st.cache_resource(max_entries=12, show_spinner="Reading the run …")
def _read_file(
    name: str,
    digest: str,  # noqa: ARG001 (part of the cache's key)
    place: corpus_choice.CorpusPlace,  # noqa: ARG001
    _data: bytes,
    _pairs: Sequence[SentencePair],
) -> CorpusRun:
    return read_run_bytes(_data, name, _pairs)


@st.cache_resource(max_entries=24, show_spinner="Comparing …")
def _survey(
    place: corpus_choice.CorpusPlace,  # noqa: ARG001 (part of the cache's key)
    keys: tuple[tuple[str, str], ...],  # noqa: ARG001
    label: str,
    _runs: Mapping[str, CorpusRun],
) -> Survey:
    return survey(_runs, [label] if label else None)


def _show(
    known: Mapping[str, _Known],
    pairs: Sequence[SentencePair],
    place: corpus_choice.CorpusPlace,
    names: Sequence[str],
) -> None:
    """Show the comparison; a tab's content is made when the tab is opened."""
    runs = {name: one.run for name, one in known.items()}
    keys = tuple((name, one.key) for name, one in known.items())
    columns = st.columns([3, 3, 2, 3], vertical_alignment="bottom")
    with columns[2]:
        label = compare_queue.label_input(_survey(place, keys, "", runs))
    found = _survey(place, keys, label, runs)
    wanted = compare_queue.filter_inputs(found, (columns[0], columns[1], columns[3]))
    places = compare_queue.find_sentences(found, pairs, wanted)
    number = compare_queue.sentence_number(places, len(pairs))
    addresses.write_address(
        {**_place_address(place), "methods": ",".join(names), **wanted.address(label)}
        | ({} if number is None else {"sentence": number})
    )
    tabs = st.tabs([SENTENCES, MAP, AGREEMENT, SIGNIFICANCE], on_change="rerun", key="compare.tabs")
    shown = (
        lambda: _show_sentences(runs, found, place, places, number),
        lambda: compare_maps.show_corpus_map(runs, found, places),
        lambda: compare_scores.show_agreement(found),
        lambda: compare_scores.show_significance(runs, found, (place, keys, label)),
    )
    for tab, show in zip(tabs, shown, strict=True):
        if tab.open:
            with tab:
                show()


def _show_sentences(
    runs: Mapping[str, CorpusRun],
    found: Survey,
    place: corpus_choice.CorpusPlace,
    places: Sequence[int],
    number: int | None,
) -> None:
    compare_queue.show_list(runs, found, places)
    if number is not None:
        compare_sentence.show_sentence(runs, found, place, number)


def _place_address(place: corpus_choice.CorpusPlace) -> dict[str, str]:
    return dict(zip(("corpus", "source", "target", "split"), place, strict=True))


if frame.in_frame():
    main()
