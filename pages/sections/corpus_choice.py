"""Choosing a named corpus, its languages and its split."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.text.languages import describe_language
from pages.widgets import addresses, state, tables

# Corpus, source and target language, split. No docstring: Streamlit would print it on a page.
CorpusPlace = tuple[str, str, str, str]
_LANGUAGES = ("source", "target")


def choose_corpus(page: str) -> CorpusPlace:
    """Ask for corpus, languages and split; the page's address may name them.

    Args:
        page: first part of the widget keys.
    """
    corpora = state.corpora()
    _tell_address(page, "corpus", list(corpora))
    name = st.selectbox(
        "Corpus",
        list(corpora),
        format_func=lambda name: (
            corpora[name].title + ("" if corpora[name].available else " (not here)")
        ),
        key=f"{page}.corpus",
        persist_state="session",
    )
    corpus = corpora[name]
    sources = sorted({source for source, _ in corpus.pairs}, key=lambda code: (code != "en", code))
    source = _choice(page, "Source", "source", sources)
    targets = sorted(
        {target for first, target in corpus.pairs if first == source},
        key=lambda code: (code != "de", code),
    )
    target = _choice(page, "Target", "target", targets)
    splits = sorted(corpus.splits, key=lambda split: split != "test")
    split = _choice(page, "Split", "split", splits) if len(splits) > 1 else ""
    st.caption(f"{corpus.description} Licence: {corpus.licence}.")
    return name, source, target, split


def _choice(page: str, label: str, name: str, options: Sequence[str]) -> str:
    _tell_address(page, name, options)
    described = describe_language if name in _LANGUAGES else str
    choice: str = st.selectbox(
        label, options, format_func=described, key=f"{page}.{name}", persist_state="session"
    )
    return choice


def _tell_address(page: str, name: str, options: Sequence[str]) -> None:
    message = addresses.take_from_address(f"{page}.{name}", name, options)
    tables.show_texts([message] if message else [], key=f"{page}.address.{name}", tone="warning")
