"""Concordance on a page: a word or an entity, what it was linked to, and every place of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from core.linked_text import direction
from core.overview.concordance import (
    Concordance,
    ConcordanceIndex,
    Occurrence,
    Side,
    Unit,
    Words,
)
from core.overview.outcomes import CorpusRun
from core.types import Sentence, SentencePair, Span
from pages.sections.paging import page_of, show_number
from pages.widgets import marked_text, tables

_PER_PAGE = 10
# Translations named above the places; the others are among the places.
_MOST_TRANSLATIONS = 30
# Words around a place; long sentences would hide it.
_CONTEXT = 12
_UNITS: dict[tuple[Unit, Side], str] = {
    ("word", "source"): "word of the source",
    ("word", "target"): "word of the target",
    ("entity", "source"): "entity of the source",
    ("entity", "target"): "projected entity",
}
_UNLINKED = "linked to nothing"


def show_concordance(
    run: CorpusRun,
    pairs: Sequence[SentencePair],
    *,
    page: str,
    open_sentence: Callable[[int, int | None], None],
    word: str = "",
) -> None:
    """Ask for a word or an entity and show what it was linked to, with all places.

    Args:
        run: a whole corpus.
        pairs: the corpus.
        page: first part of the widget keys.
        open_sentence: called before the script runs anew, with the number of a sentence, from 1,
            and the index of the source entity where it is known.
        word: what to look for at first.
    """
    key = f"{page}.concordance"
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    query = left.text_input(
        "Word, words in a row, or entity",
        value=word,
        key=f"{key}.query",
        type="search",
        persist_state="session",
    )
    unit, side = right.selectbox(
        "Look for it as",
        list(_UNITS),
        format_func=lambda one: _UNITS[one],
        key=f"{key}.kind",
        persist_state="session",
    )
    if not query.strip():
        tables.show_texts(
            ["Type a word to see everything that it was linked to."], key=f"{key}.hint"
        )
        return
    found = _index_of(run).find(query, side=side, unit=unit)
    told = f"{found.total} places in {len(pairs)} sentences."
    tables.show_texts([told], key=f"{key}.count", tone="note")
    if found.total:
        _show_translations(found, key=key)
        _show_places(run, found, key=key, open_sentence=open_sentence)


def _index_of(run: CorpusRun) -> ConcordanceIndex:
    """Return the index of a run, made once for as long as the session looks at this run."""
    known = st.session_state.get("concordance.index")
    if known is None or known[0] is not run:
        with st.spinner("Indexing the corpus …"):
            known = (run, ConcordanceIndex(run).build())
        st.session_state["concordance.index"] = known
    index: ConcordanceIndex = known[1]
    return index


def _show_translations(found: Concordance, *, key: str) -> None:
    rows: list[list[tables.Cell]] = [
        [one.text, len(one.places), f"{100 * len(one.places) / found.total:.0f} %"]
        for one in found.translations[:_MOST_TRANSLATIONS]
    ]
    if found.unlinked:
        failed = sum(place.failed for place in found.unlinked)
        remark = f"{failed} of them in sentences that failed" if failed else ""
        share = f"{100 * len(found.unlinked) / found.total:.0f} %"
        rows.append([(f"({_UNLINKED})", remark), len(found.unlinked), share])
    hidden = len(found.translations) - _MOST_TRANSLATIONS
    more = f" {hidden} rarer ones are not in this table." if hidden > 0 else ""
    tables.show_table(
        ["Linked to", "Places", "Share"],
        rows,
        caption=f"What “{found.query}” was linked to, most frequent first.{more}",
        key=f"{key}.translations",
    )


def _show_places(
    run: CorpusRun,
    found: Concordance,
    *,
    key: str,
    open_sentence: Callable[[int, int | None], None],
) -> None:
    groups = {one.text: one.places for one in found.translations}
    every = [(text, place) for text, places in groups.items() for place in places]
    every += [("", place) for place in found.unlinked]
    chosen = st.selectbox(
        "Places linked to",
        ["", *groups, *([_UNLINKED] if found.unlinked else [])],
        format_func=lambda text: text or "anything or nothing",
        # Another query has other translations: its choice begins anew.
        key=f"{key}.translation.{found.unit}.{found.side}.{found.query}",
    )
    wanted = "" if chosen == _UNLINKED else chosen
    kept = [(text, place) for text, place in every if not chosen or text == wanted]
    shown = page_of(kept, per_page=_PER_PAGE, key=key, hint="A number opens the sentence.")
    for place, (_, occurrence) in enumerate(shown):
        _show_place(run, occurrence, place, key=key, open_sentence=open_sentence)


def _show_place(
    run: CorpusRun,
    occurrence: Occurrence,
    place: int,
    *,
    key: str,
    open_sentence: Callable[[int, int | None], None],
) -> None:
    pair = run.outcomes[occurrence.number - 1].pair
    with st.container(horizontal=True, gap="small", vertical_alignment="top"):
        go = partial(open_sentence, occurrence.number, occurrence.entity)
        show_number(occurrence.number, go, key=f"{key}.open.{place}")
        with st.container(gap="xxsmall"):
            _show_context(pair.source, occurrence.source, key=f"{key}.source.{place}")
            _show_context(pair.target, occurrence.target, key=f"{key}.target.{place}")
            if occurrence.failed:
                tables.show_texts(
                    ["The sentence failed: nothing is known of its links."],
                    key=f"{key}.failed.{place}",
                    tone="error",
                )


def _show_context(sentence: Sentence, words: Words, *, key: str) -> None:
    """Show some words with what stands around them."""
    cut, shift = _around(sentence, words)
    marks = [marked_text.Mark(span, "s4", "") for span in _spans([word - shift for word in words])]
    marked_text.show_marked(cut, marks, direction=direction(sentence.language), key=key)


def _around(sentence: Sentence, words: Words) -> tuple[Sentence, int]:
    """Cut a long sentence to some words and what stands around them."""
    if len(sentence.words) <= 4 * _CONTEXT:
        return sentence, 0
    first = max(0, min(words, default=0) - _CONTEXT)
    last = min(len(sentence.words), max(words, default=2 * _CONTEXT) + 1 + _CONTEXT)
    start = sentence.char_offsets[first][0]
    lead, tail = "… " if first else "", " …" if last < len(sentence.words) else ""
    text = sentence.text[start : sentence.char_offsets[last - 1][1]]
    offsets = tuple(
        (begin - start + len(lead), end - start + len(lead))
        for begin, end in sentence.char_offsets[first:last]
    )
    return replace(
        sentence,
        text=f"{lead}{text}{tail}",
        words=sentence.words[first:last],
        char_offsets=offsets,
        spans=(),
    ), first


def _spans(words: Sequence[int]) -> list[Span]:
    """Return runs of neighbouring words as spans."""
    spans: list[Span] = []
    for word in words:
        if spans and spans[-1].end == word:
            spans[-1] = replace(spans[-1], end=word + 1)
        else:
            spans.append(Span(word, word + 1, ""))
    return spans
