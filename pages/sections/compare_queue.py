"""Which sentences of a comparison are listed, in which order, and which of them is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.linked_text import direction
from core.overview.disagreement import NAMED, SHOWS, Show, Survey, choose, queue
from core.overview.outcomes import CorpusRun
from core.types import Sentence, SentencePair
from pages.sections.choices import choose_one
from pages.sections.paging import page_of, show_number
from pages.widgets import addresses, marked_text, tables

BY_DISAGREEMENT, BY_CORPUS = "disagreement", "corpus"
_SORTS = {BY_DISAGREEMENT: "most disputed first", BY_CORPUS: "as in the corpus"}
_SHOWS: dict[Show, str] = {
    "all": "all sentences",
    "disagree": "where runs differ",
    "first right, second wrong": "one right, another wrong …",
    "only first right": "only one right …",
    "all wrong": "where all are wrong",
    "any failed": "where one failed",
}
_ALL_CLASSES = ""
_PER_PAGE = 6
# Longer sentences are cut in the list; below it they are shown whole.
_LONGEST = 170


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to list.

    Attributes:
        show: which sentences.
        first: the run that is right, where `show` is about one.
        second: the run that is wrong, where `show` is about two.
        sort: order of the list.
        query: text to search for; never put into the address.
    """

    show: Show
    first: str
    second: str
    sort: str
    query: str

    def address(self, label: str) -> dict[str, str]:
        """Return what the page's address says of it; what is usual is left out.

        Args:
            label: the class that is compared.
        """
        return {
            "sort": "" if self.sort == BY_DISAGREEMENT else self.sort,
            "show": "" if self.show == "all" else self.show,
            "first": self.first,
            "second": self.second,
            "class": label,
        }


def label_input(found: Survey) -> str:
    """Ask which class to compare; empty for all of them."""
    return choose_one(
        "compare", "Class", "class", [_ALL_CLASSES, *found.classes], {_ALL_CLASSES: "all"}
    )


def filter_inputs(found: Survey, columns: Sequence[DeltaGenerator]) -> Wanted:
    """Ask what to list, in which order.

    Args:
        found: the runs, compared.
        columns: three places for the inputs.
    """
    gold = bool(found.has_gold.any())
    shows = [show for show in SHOWS if gold or show in ("all", "disagree", "any failed")]
    if len(found.names) < 2:
        shows = [show for show in shows if show not in ("disagree", "first right, second wrong")]
    with columns[0]:
        show = choose_one("compare", "Show", "show", shows, _SHOWS)
    with columns[1]:
        sort = choose_one("compare", "Order", "sort", list(_SORTS), _SORTS)
    with columns[2]:
        query = st.text_input(
            "Search both sentences", key="compare.search", type="search", persist_state="session"
        )
    first, second = _run_inputs(found.names, NAMED.get(show, 0))
    return Wanted(show, first, second, sort, query)


def _run_inputs(names: Sequence[str], count: int) -> tuple[str, str]:
    """Ask which runs a filter is about."""
    if not count:
        return "", ""
    left, right = st.columns(2)
    with left:
        first = choose_one("compare", "Right", "first", names, {})
    if count < 2:
        return first, ""
    with right:
        second = choose_one(
            "compare", "Wrong", "second", [name for name in names if name != first], {}
        )
    return first, second


def find_sentences(found: Survey, pairs: Sequence[SentencePair], wanted: Wanted) -> list[int]:
    """List the sentences that are wanted, counted from 0, in the order that is wanted."""
    places = choose(found, wanted.show, wanted.first, wanted.second)
    if found.labels is not None:
        places = places[found.has_spans[places]]
    if wanted.sort == BY_DISAGREEMENT:
        places = queue(found, places)
    text = wanted.query.casefold().strip()
    listed: list[int] = places.tolist()
    if not text:
        return listed
    return [place for place in listed if text in _searched(pairs[place])]


def _searched(pair: SentencePair) -> str:
    return f"{pair.id}\n{pair.source.text}\n{pair.target.text}".casefold()


def sentence_number(places: Sequence[int], count: int) -> int | None:
    """Return the sentence that is open, from 1; None where none is listed.

    A sentence that the filter leaves out gives way to the first of the list.

    Args:
        places: the list, counted from 0.
        count: sentences of the corpus.
    """
    key = "compare.sentence"
    message = addresses.take_from_address(key, "sentence", range(1, count + 1))
    tables.show_texts([message] if message else [], key="compare.address.sentence", tone="warning")
    if not places:
        return None
    if st.session_state.get(key, 0) - 1 not in set(places):
        st.session_state[key] = places[0] + 1
    number: int = st.session_state[key]
    return number


def show_list(runs: Mapping[str, CorpusRun], found: Survey, places: Sequence[int]) -> None:
    """Show the sentences a page at a time, each with how the runs fare, and step through them."""
    if not places:
        tables.show_texts(["No sentence fits."], key="compare.nothing", tone="note")
        return
    shown = page_of(
        places,
        per_page=_PER_PAGE,
        key="compare.list",
        hint="A number opens its sentence below.",
        follow=st.session_state["compare.sentence"] - 1,
    )
    for place in shown:
        _show_row(runs, found, place)
    _step_inputs(places)


def _show_row(runs: Mapping[str, CorpusRun], found: Survey, place: int) -> None:
    def open_it() -> None:
        st.session_state["compare.sentence"] = place + 1

    here = st.session_state["compare.sentence"] == place + 1
    target = next(iter(runs.values())).outcomes[place].pair.target
    failed = bool(found.failed[place].any())
    with st.container(horizontal=True, gap="small", vertical_alignment="top"):
        show_number(place + 1, open_it, key=f"compare.open.{place + 1}", here=here)
        marked_text.show_marked(
            _cut(target),
            [],
            direction=direction(target.language),
            key=f"compare.row.{place + 1}",
            below=marked_text.second_line(
                summary(found, place), {"dir": "ltr"}, tone="failed" if failed else "translation"
            ),
        )


def summary(found: Survey, place: int) -> str:
    """Say in a line how much is disputed in a sentence, and how every run fares."""
    told = [f"disputed {100 * found.disagreement[place]:.0f} %"] if len(found.names) > 1 else []
    for column, name in enumerate(found.names):
        if found.failed[place, column]:
            told.append(f"{name} failed")
        elif found.has_gold[place]:
            told.append(f"{name} {'✓' if found.right[place, column] else '✗'}")
    return " · ".join(told)


def _cut(sentence: Sentence) -> Sentence:
    text = sentence.text
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}…"
    return replace(sentence, text=text, words=(), char_offsets=(), spans=())


def _step_inputs(places: Sequence[int]) -> None:
    """Ask for a sentence by its number, or step through the list."""
    key = "compare.sentence"

    def step(by: int) -> None:
        here = places.index(st.session_state[key] - 1)
        st.session_state[key] = places[(here + by) % len(places)] + 1

    left, middle, right = st.columns([3, 1.5, 1.5], vertical_alignment="bottom", wrap=False)
    here = places.index(st.session_state[key] - 1) + 1
    left.markdown(f"**Sentence {st.session_state[key]}** ({here} of {len(places)})")
    for column, name, by, shortcut in ((middle, "Previous", -1, "K"), (right, "Next", 1, "J")):
        column.button(
            name,
            key=f"compare.{name.lower()}",
            on_click=step,
            args=(by,),
            shortcut=shortcut,
            width="stretch",
        )
