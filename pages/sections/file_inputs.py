"""Inputs around files: languages, formats, and uploads that outlast leaving the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import streamlit as st

from core.config import ComponentChoice
from core.exchange import MAX_FILE_BYTES
from core.registry import Registry
from core.text.languages import LANGUAGE_NAMES, describe_language, find_language
from pages.widgets import forms, tables

FORMAT_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "argilla": "Argilla (JSON)",
        "brackets": "brackets: [PER Ada] in running text",
        "brat": "brat (archive of .txt and .ann)",
        "conll": "CoNLL: word and tag in columns",
        "conll2002": "CoNLL-2002: two columns",
        "conll2003": "CoNLL-2003: four columns",
        "csv": "table of two columns (CSV, TSV)",
        "docbin": "spaCy (DocBin)",
        "doccano": "doccano (JSONL)",
        "inception": "INCEpTION (UIMA CAS)",
        "jsonl": "JSONL: Spanbridge, or tokens and tags",
        "label_studio": "Label Studio (JSON)",
        "parquet": "Hugging Face (Parquet)",
        "pharaoh": "Pharaoh (archive of texts and links)",
        "plain": "plain: words parted by spaces",
        "prodigy": "Prodigy (JSONL)",
        "tmx": "translation memory (TMX)",
        "uner": "Universal NER (iob2)",
    }
)
_GUESS = ""
_MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was given: its name, its content, and what tells it from others."""

    name: str
    data: bytes
    digest: str


def language_input(
    label: str, *, key: str, usual: str, help: str = "", disabled: bool = False
) -> str:
    """Ask for a language, from a list or by its code.

    Args:
        label: above the input.
        key: of the widget.
        usual: code that it begins with.
        help: what to say of it.
        disabled: whether nothing can be chosen.

    Returns:
        The code.
    """
    codes = sorted(LANGUAGE_NAMES, key=describe_language)
    code: str = st.selectbox(
        label,
        codes,
        index=codes.index(usual),
        format_func=describe_language,
        accept_new_options=True,
        disabled=disabled,
        help=help or "others can be typed as a BCP-47 code, such as kmr or zh-Hant",
        key=key,
        persist_state="session",
    )
    return find_language(code)


def format_name(name: str) -> str:
    """Return how a format is called where people choose."""
    return FORMAT_TITLES.get(name, name)


def format_input(registry: Registry[Any], *, key: str) -> ComponentChoice:
    """Ask which format to write, with its parameters.

    Args:
        registry: the formats.
        key: first part of the widget keys.
    """
    name: str = st.selectbox(
        "Format",
        registry.names(),
        format_func=format_name,
        key=key,
        persist_state="session",
    )
    with st.container():
        return forms.component_inputs(registry, ComponentChoice(name=name), key=f"{key}.{name}")


def read_format_input(registry: Registry[Any], *, key: str) -> ComponentChoice | None:
    """Ask in which format a file is, with the format's parameters.

    Args:
        registry: the formats.
        key: first part of the widget keys.

    Returns:
        The format; None where it is to be guessed from the content.
    """
    name: str = st.selectbox(
        "Format",
        [_GUESS, *registry.names()],
        format_func=lambda name: format_name(name) if name else "guess from the content",
        key=key,
        persist_state="session",
    )
    with st.container():
        if name == _GUESS:
            return None
        return forms.component_inputs(registry, ComponentChoice(name=name), key=f"{key}.{name}")


def file_input(
    label: str, *, key: str, help: str = "", most: int = MAX_FILE_BYTES, disabled: bool = False
) -> Upload | None:
    """Ask for a file; it is kept when the page is left.

    Args:
        label: above the input.
        key: of the widget.
        help: what to say of it.
        most: bytes it may have.
        disabled: whether no file can be given.
    """
    store = f"{key}.kept"

    def keep() -> None:
        file = st.session_state[key]
        data = b"" if file is None else file.getvalue()
        st.session_state[store] = (
            None if file is None else Upload(file.name, data, sha256(data).hexdigest())
        )

    shown = st.file_uploader(
        label,
        max_upload_size=most // _MEGABYTE,
        help=help or None,
        on_change=keep,
        disabled=disabled,
        key=key,
    )
    kept: Upload | None = st.session_state.get(store)
    with st.container():
        if kept is not None and shown is None:  # the box is empty on coming back
            tables.show_texts([f"Still here: {kept.name}."], key=f"{key}.name")
            if st.button("Leave it out", key=f"{key}.drop"):
                st.session_state[store] = kept = None
    return kept


def show_chosen(told: Sequence[str], drop: Callable[[int], object], *, key: str) -> None:
    """List what was chosen, each with a button that leaves it out again.

    Args:
        told: a line for each.
        drop: takes one out by its place.
        key: first part of the widget keys.
    """
    for place, one in enumerate(told):
        left, right = st.columns([5, 1.2], vertical_alignment="center")
        with left:
            tables.show_texts([one], key=f"{key}.part.{place}")
        right.button(
            "Leave out",
            key=f"{key}.drop.{place}.{len(told)}",
            on_click=partial(drop, place),
            width="stretch",
        )
