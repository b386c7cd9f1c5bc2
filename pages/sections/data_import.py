"""Import: a file is looked at before it is taken, and what cannot be read is listed by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TypeAlias

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.config import ComponentChoice
from core.corpora import FORMATS
from core.exchange import ImportPreview, PairPreview, preview_import, preview_pairs
from core.exchange.parallel import PARALLEL_FORMATS
from core.overview.side_files import SideFile, preview_sides
from core.text.languages import check_language
from pages.sections import data_desk, data_make
from pages.sections.file_inputs import (
    Upload,
    file_input,
    format_name,
    language_input,
    read_format_input,
)
from pages.widgets import state, tables

Preview: TypeAlias = ImportPreview | PairPreview
SENTENCES, PAIRS, SIDES = "Labelled sentences", "Parallel text", "Two files"
_HELP = {
    SENTENCES: "sentences of one language with their entities, as annotation tools write them",
    PAIRS: "sentences with their translations: a translation memory, a table, or Pharaoh's archive",
    SIDES: "labelled sentences or text in one file, the translations in another",
}
_KEPT = "data.preview"
_TWO_FILES = "files"


@dataclass(frozen=True, slots=True)
class Taken:
    """An import, and what tells it from others."""

    preview: Preview
    key: tuple[str, ...]


def taken() -> Taken | None:
    """Return the import that this session has looked at last."""
    found: Taken | None = st.session_state.get(_KEPT)
    return found


def show_import(desk: data_desk.Desk) -> None:
    """Ask for files, show what they hold, and offer to make a project of them."""
    kind = st.segmented_control(
        "What it is",
        list(_HELP),
        default=SENTENCES,
        required=True,
        key="data.kind",
        persist_state="session",
    )
    st.caption(f"{_HELP[kind][:1].upper()}{_HELP[kind][1:]}.")
    st.session_state[_KEPT] = None
    found: Taken | None = None
    inputs, below = st.container(), st.container()
    with inputs, state.error_guard("data.import"):
        asks = {SENTENCES: _ask_sentences, PAIRS: _ask_pairs, SIDES: _ask_sides}
        found = asks[kind]()
    st.session_state[_KEPT] = found
    if found is not None:
        with below, state.error_guard("data.preview"):
            _show_preview(found.preview)
            data_make.make_from_import(desk, found.preview)


def _ask_sentences() -> Taken | None:
    left, right = st.columns(2)
    with left:
        language = language_input("Language", key="data.language", usual="de")
    with right:
        form = read_format_input(FORMATS, key="data.format")
    file = file_input("File", key="data.file")
    check_language(language)
    if file is None:
        return None
    key = (file.digest, file.name, language, _json(form))
    return Taken(_read_sentences(*key, file), key)


def _ask_pairs() -> Taken | None:
    left, middle, right = st.columns(3)
    source, target = _languages(left, middle)
    with right:
        form = read_format_input(PARALLEL_FORMATS, key="data.pair_format")
    file = file_input("File", key="data.pair_file")
    if file is None:
        return None
    key = (file.digest, file.name, source, target, _json(form))
    return Taken(_read_pairs(*key, file), key)


def _ask_sides() -> Taken | None:
    left, right = st.columns(2)
    languages = _languages(left, right)
    with left:
        source = file_input("Source", key="data.source_file", help="labelled sentences, or text")
    with right:
        target = file_input("Translations", key="data.target_file")
    left, right = st.columns([3, 1], vertical_alignment="center")
    with left:
        links = file_input("Word links, if there are any (Pharaoh: 0-0 1-2)", key="data.links_file")
    one_based = right.toggle(
        "Links count from 1", key="data.one_based", disabled=links is None, persist_state="session"
    )
    if source is None or target is None:
        return None
    files = (source, target, links)
    contents = tuple("" if one is None else f"{one.digest} {one.name}" for one in files)
    found = _read_sides(contents, languages, one_based, files)
    return Taken(found, (*contents, *languages, str(one_based)))


def _languages(left: DeltaGenerator, right: DeltaGenerator) -> tuple[str, str]:
    with left:
        source = language_input("Source language", key="data.source_language", usual="en")
    with right:
        target = language_input("Target language", key="data.target_language", usual="de")
    check_language(source)
    check_language(target)
    return source, target


def _json(form: ComponentChoice | None) -> str:
    return "" if form is None else form.model_dump_json()


def _choice(form_json: str) -> str | ComponentChoice:
    return ComponentChoice.model_validate_json(form_json) if form_json else ""


@st.cache_resource(max_entries=4, show_spinner="Reading the file …")
def _read_sentences(
    digest: str,  # noqa: ARG001 (part of the cache's key, as the content is not)
    name: str,
    language: str,
    form_json: str,
    _file: Upload,
) -> ImportPreview:
    return preview_import(_file.data, language, name=name, form=_choice(form_json))


@st.cache_resource(max_entries=4, show_spinner="Reading the file …")
def _read_pairs(
    digest: str,  # noqa: ARG001
    name: str,
    source: str,
    target: str,
    form_json: str,
    _file: Upload,
) -> PairPreview:
    return preview_pairs(_file.data, source, target, name=name, form=_choice(form_json))


@st.cache_resource(max_entries=4, show_spinner="Reading the files …")
def _read_sides(
    contents: tuple[str, ...],  # noqa: ARG001
    languages: tuple[str, str],
    one_based: bool,
    _files: tuple[Upload, Upload, Upload | None],
) -> PairPreview:
    source, target, links = _files
    return preview_sides(
        SideFile(source.name, source.data),
        SideFile(target.name, target.data),
        None if links is None else SideFile(links.name, links.data),
        source_language=languages[0],
        target_language=languages[1],
        one_based=one_based,
    )


def _show_preview(preview: Preview) -> None:
    """Show what a file holds, and what of it cannot be read."""
    tables.show_heading("What is in it")
    told = f"{_format(preview)}{_counts(preview)}"
    tables.show_texts([told], key="data.counts", tone="warning" if preview.bad else "note")
    if preview.bad:
        data_desk.show_bad(preview.bad, key="data.bad")
        _unread_button(preview)
    if isinstance(preview, ImportPreview):
        _show_labels(preview.labels(), preview.ignored)
        data_desk.show_sentences(preview.sentences, key="data.first")
    else:
        data_desk.show_sentences(preview.pairs, key="data.first")


def _format(preview: Preview) -> str:
    """Say which format was read; of two files each has its own."""
    if preview.form.name == _TWO_FILES:
        return ""
    how = "guessed" if preview.guessed else "chosen"
    chosen = [f"{name} = {value}" for name, value in preview.form.parameters.items()]
    return f"Format: {', '.join([format_name(preview.form.name), *chosen])} ({how}). "


def _counts(preview: Preview) -> str:
    if isinstance(preview, ImportPreview):
        counts = {
            "Sentences": len(preview.sentences),
            "words": preview.words,
            "entities": preview.entities,
            "sentences without words": preview.empty,
        }
    else:
        counts = {
            "Pairs": len(preview.pairs),
            "word links": preview.links,
            "source entities": sum(len(pair.source.spans) for pair in preview.pairs),
            "target entities": sum(len(pair.target.spans) for pair in preview.pairs),
        }
    counts["could not be read"] = len(preview.bad)
    return ", ".join(f"{name}: {count}" for name, count in counts.items()) + "."


def _unread_button(preview: Preview) -> None:
    """Offer what could not be read, to be repaired and given again."""
    if not preview.set_aside_bytes:
        return
    name = PurePath(preview.name)
    sides = preview.form.name == _TWO_FILES
    st.download_button(
        "What could not be read, as a file",
        preview.set_aside_bytes,
        file_name="unread.zip" if sides else f"{name.stem}.unread{name.suffix}",
        mime="application/octet-stream",
        on_click="ignore",
        key="data.unread",
    )


def _show_labels(labels: Mapping[str, int], ignored: Mapping[str, int]) -> None:
    left, right = st.columns(2)
    if labels:
        with left:
            tables.show_table(
                ["Class", "Entities"],
                list(labels.items()),
                caption="Entities of each class.",
                key="data.labels",
            )
    if ignored:
        with right:
            tables.show_table(
                ["What", "How often"],
                list(ignored.items()),
                caption="What is no entity, and was passed over.",
                key="data.ignored",
            )
