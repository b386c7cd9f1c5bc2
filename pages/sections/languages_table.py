"""All languages as a table, to read and to take away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from core.capsule.language_table import render_language_table
from core.figures import Listed, Standing, Wanted, listing_csv
from core.figures.listing import NOT_MEASURED, percent, points
from core.languages import languages
from pages.sections.languages_choice import (
    BENCHMARK_NAMES,
    PAGE,
    given_note,
    script_name,
)
from pages.widgets import tables

_COLUMNS = (
    "Language",
    "Script",
    "Family",
    "Resources",
    "Published F1, best method",
    "Model transfer",
    "Gain",
    "Our F1, best method",
)
_CAPTION = (
    "F1 in percent, all classes. Resources: class of Joshi et al. 2020, from 0 (left behind) to 5 "
    "(winners). Gain: points by which the best method that is not model transfer is better than "
    "model transfer, in the same study and corpus."
)


def show_languages(listed: Sequence[Listed], wanted: Wanted) -> None:
    """Show the languages, and offer them as files.

    Args:
        listed: in order.
        wanted: the filter they fit.
    """
    tables.show_texts([_told(listed, wanted)], key=f"{PAGE}.count", tone="note")
    if not listed:
        return
    published = [standing for one in listed for standing in one.published]
    tables.show_texts(given_note(published), key=f"{PAGE}.given_all", tone="note")
    tables.show_table(
        _COLUMNS, [_row(one, wanted) for one in listed], caption=_CAPTION, key=f"{PAGE}.table"
    )
    _downloads(listed, wanted)


def _told(listed: Sequence[Listed], wanted: Wanted) -> str:
    several = "of several studies, each named in its row"
    return (
        f"{len(listed)} of {len(languages())} languages. Published: {wanted.published or several}. "
        f"Ours: {wanted.measured or several}. Studies and settings differ in data, models and "
        "in what is given: compare within one."
    )


def _row(one: Listed, wanted: Wanted) -> list[tables.Cell]:
    language = one.language
    resources = "not certain" if language.resources is None else str(language.resources)
    branch = f" ({language.branch})" if language.branch else ""
    return [
        # The code comes first: its letters keep the cell's direction.
        (language.name, f"{language.code} · {language.endonym}"),
        (
            script_name(language.script),
            "right to left" if language.direction == "rtl" else "left to right",
        ),
        f"{language.family}{branch}",
        resources,
        _best(one.published, named=not wanted.published),
        *_gain_cells(one.published),
        _best(one.measured, named=not wanted.measured),
    ]


def _best(found: Sequence[Standing], *, named: bool) -> tables.Cell:
    """Return F1 with method and corpus; with the study too where none is chosen."""
    if not found:
        return NOT_MEASURED
    first, *others = found
    study = first.group.setting if first.best.origin == "measured" else first.group.study
    remarks = [first.best.title, first.group.place, *([study] if named else [])]
    remarks += [f"{one.group.place}: {percent(one.best.f1)}" for one in others]
    return (percent(first.best.f1), "; ".join(remarks))


def _gain_cells(found: Sequence[Standing]) -> list[tables.Cell]:
    if not found:
        return [NOT_MEASURED, NOT_MEASURED]
    transfer = found[0].transfer
    return [NOT_MEASURED if transfer is None else percent(transfer.f1), points(found[0].gain)]


def _downloads(listed: Sequence[Listed], wanted: Wanted) -> None:
    left, right, _ = st.columns([2, 2, 3])
    with left:
        st.download_button(
            "Download as CSV",
            lambda: listing_csv(listed),
            file_name="languages.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/table:",
            key=f"{PAGE}.download_csv",
        )
    with right:
        st.download_button(
            "Download to print",
            lambda: _document(listed, wanted),
            file_name="languages.html",
            mime="text/html",
            on_click="ignore",
            icon=":material/print:",
            key=f"{PAGE}.download_html",
            help="one HTML file that needs no network",
        )


def _document(listed: Sequence[Listed], wanted: Wanted) -> str:
    name = BENCHMARK_NAMES.get(wanted.benchmark, wanted.benchmark)
    return render_language_table(
        listed,
        title=f"Languages: {name}",
        note=_told(listed, wanted),
        date=datetime.now(UTC).date().isoformat(),
    )
