"""A capsule to take away: what is shown, as one file for a presentation or a colleague."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import streamlit as st

from core.capsule import CapsuleItem, about_run, render_capsule
from core.config import RunConfig
from core.text.languages import describe_language
from core.types import Projection
from pages.widgets import tables

# A file with more sentences is slow to open and too long to look through.
MOST_SENTENCES = 300


def show_capsule(
    projections: Sequence[Projection],
    config: RunConfig,
    *,
    page: str,
    name: str,
    licence: str = "",
    address: str = "",
    more: int = 0,
    make_more: Callable[[], Sequence[Projection]] = tuple,
) -> None:
    """Ask for a title and a note, and offer the file; it is made when it is asked for.

    Args:
        projections: what goes into it; of more than `MOST_SENTENCES` the first ones do.
        config: the method they came from, with its stages.
        page: first part of the widget keys.
        name: of corpus, languages and split, as signatures have it.
        licence: of the corpus.
        address: web address of the live view, to link to.
        more: sentences that go into it behind these.
        make_more: projects them, when the file is asked for.
    """
    if not projections:
        return
    first = projections[:MOST_SENTENCES]
    count = min(len(projections) + more, MOST_SENTENCES)
    title, note = _words_input(_usual_title(projections, more), page=page)
    what = "this sentence" if count == 1 else f"{count} sentences"
    told = (
        f"One HTML file with {what}: text with its links, decisions and why, comparison with "
        "gold, versions and licences. It opens without a network."
    )
    if len(projections) + more > count:
        told += f" Only the first {count} of {len(projections) + more} sentences go into it."
    tables.show_texts([told], key=f"{page}.capsule_help")

    def make() -> str:
        about = about_run(
            config,
            corpus=name,
            licence=licence,
            date=datetime.now(UTC).date().isoformat(),
            address=address,
        )
        items = [CapsuleItem(one) for one in (*first, *make_more())[:MOST_SENTENCES]]
        return render_capsule(items, title=title, note=note, about=about)

    st.download_button(
        "Download the capsule",
        make,
        file_name=f"{_file_name(title)}.html",
        mime="text/html",
        on_click="ignore",
        icon=":material/slideshow:",
        key=f"{page}.download_capsule",
    )


def _words_input(usual: str, *, page: str) -> tuple[str, str]:
    """Ask for title and note; without a title the usual one is taken."""
    # A placeholder and no value: a value would stay when another sentence is chosen.
    asked = st.text_input(
        "Title of the capsule", max_chars=200, key=f"{page}.capsule_title", placeholder=usual
    )
    note = st.text_area(
        "Note below the title",
        max_chars=4000,
        height=80,
        key=f"{page}.capsule_note",
        placeholder="What the audience should look at",
    )
    return asked.strip() or usual, note


def _usual_title(projections: Sequence[Projection], more: int) -> str:
    pair = projections[0].pair
    languages = [describe_language(one.language) for one in (pair.source, pair.target) if one.words]
    what = pair.id if len(projections) + more == 1 and pair.id else "Entities"
    return f"{what}: {' → '.join(languages)}"


def _file_name(title: str) -> str:
    """Make a file name of a title; letters of any script stay."""
    return re.sub(r"[^\w.-]+", "-", title).strip("-.")[:80] or "capsule"
