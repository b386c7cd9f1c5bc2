"""Choosing a sentence of a corpus: by number, by search, by what came of it, from a list."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.config import RunConfig
from core.types import SentencePair
from pages.sections import corpus_runs
from pages.sections.corpus_choice import CorpusPlace
from pages.sections.paging import page_of, show_number
from pages.widgets import addresses, tables

_PER_PAGE = 15
_LABEL_LENGTH = 110


def choose_sentence(
    pairs: Sequence[SentencePair], config: RunConfig, place: CorpusPlace, *, page: str
) -> tuple[int, list[int]] | None:
    """Ask for a sentence.

    Args:
        pairs: the corpus.
        config: the method, for the filter that asks what came of a sentence.
        place: what the corpus is known by.
        page: first part of the widget keys.

    Returns:
        Its number, from 1, and the numbers of all that the filters leave; None where they leave
        none.
    """
    # The row is filled from both ends: which numbers there are depends on the filters behind them.
    row = st.container(horizontal=True, gap="small", vertical_alignment="bottom")
    told = st.container()
    with row:
        numbers = st.container(width="content")
        query = st.text_input(
            "Search both sentences", key=f"{page}.search", type="search", persist_state="session"
        )
        only_errors = st.toggle(
            "Only errors",
            key=f"{page}.only_errors",
            help="sentences whose projection differs from gold, or failed; projects the whole "
            "corpus",
            persist_state="session",
        )
    found = matching(pairs, query)
    with told:
        if only_errors:
            found = _wrong(config, pairs, place, found, page=page)
    if not found:
        tables.show_texts(["No sentence fits."], key=f"{page}.nothing", tone="note")
        return None
    if st.session_state.get(f"{page}.shown") not in (None, place):
        st.session_state[f"{page}.sentence"] = 1
    st.session_state[f"{page}.shown"] = place
    with numbers:
        number = _number_input(pairs, found, page=page)
    tables.show_texts([_label(pairs[number - 1])], key=f"{page}.sentence_name")
    return number, found


def matching(pairs: Sequence[SentencePair], query: str) -> list[int]:
    """List the numbers, from 1, of the sentences that hold the text that is searched for."""
    wanted = query.casefold().strip()
    if not wanted:
        return list(range(1, len(pairs) + 1))
    return [
        number
        for number, pair in enumerate(pairs, start=1)
        if wanted in f"{pair.id}\n{pair.source.text}\n{pair.target.text}".casefold()
    ]


def _wrong(
    config: RunConfig,
    pairs: Sequence[SentencePair],
    place: CorpusPlace,
    found: list[int],
    *,
    page: str,
) -> list[int]:
    run = corpus_runs.corpus_run(config, pairs, place, page=page)
    if run is None:
        return found
    statuses = [outcome.status for outcome in run.outcomes]
    differ, failed = statuses.count("differs"), statuses.count("failed")
    tables.show_texts(
        [f"{differ} of {len(pairs)} sentences differ from gold, {failed} failed."],
        key=f"{page}.error_count",
        tone="note",
    )
    return [number for number in found if statuses[number - 1] in ("differs", "failed")]


def _number_input(pairs: Sequence[SentencePair], found: list[int], *, page: str) -> int:
    """Ask for a number; with a filter the arrows and the keys go through what it leaves."""
    key = f"{page}.sentence"
    message = addresses.take_from_address(key, "sentence", range(1, len(pairs) + 1))
    tables.show_texts([message] if message else [], key=f"{page}.address.sentence", tone="warning")
    if st.session_state.get(key) not in found:
        here = st.session_state.get(key, 1)
        # The nearest one that the filter leaves; the person's own number is asked for again then.
        st.session_state[key] = min(found, key=lambda number: abs(number - here))

    # Whoever presses J twice before the page has answered once sends the box's old number with the
    # second press. So steps count from a number that no widget can set back.
    kept = f"{page}.number"

    def step(by: int) -> None:
        here = st.session_state.get(kept)
        place = found.index(here) if here in found else found.index(st.session_state[key])
        st.session_state[key] = st.session_state[kept] = found[(place + by) % len(found)]

    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        number = st.number_input(
            f"Sentence ({len(found)} of {len(pairs)})",
            1,
            len(pairs),
            key=key,
            width=140,
            persist_state="session",
        )
        for name, by, shortcut in (("Previous", -1, "K"), ("Next", 1, "J")):
            st.button(
                name,
                key=f"{page}.{name.lower()}",
                on_click=step,
                args=(by,),
                shortcut=shortcut,
            )
        _show_list(pairs, found, int(number), page=page)
    st.session_state[kept] = int(number)
    return int(number)


def _label(pair: SentencePair) -> str:
    text = pair.source.text or pair.target.text
    cut = text if len(text) <= _LABEL_LENGTH else f"{text[: _LABEL_LENGTH - 1]}…"
    return f"{pair.id} · {cut}"


def _show_list(pairs: Sequence[SentencePair], found: list[int], number: int, *, page: str) -> None:
    """Show the sentences that fit, a page at a time; each opens on a click."""
    listed = st.popover("List", key=f"{page}.list_popover", on_change="rerun")
    if not listed.open:
        return

    def go(to: int) -> None:
        st.session_state[f"{page}.sentence"] = to

    with listed:
        for one in page_of(found, per_page=_PER_PAGE, key=f"{page}.list"):
            with st.container(horizontal=True, gap="small", vertical_alignment="top"):
                show_number(one, partial(go, one), key=f"{page}.go.{one}", here=one == number)
                tables.show_texts([_label(pairs[one - 1])], key=f"{page}.item.{one}")
