"""Languages: what is known of each, what others published for it, and what we measured."""

from __future__ import annotations

import streamlit as st

from core.figures import list_languages
from pages.sections import (
    languages_chart,
    languages_choice,
    languages_detail,
    languages_examples,
    languages_table,
)
from pages.widgets import addresses, frame, state, tables

PAGE = languages_choice.PAGE


def main() -> None:
    """Lay the page out: filters in the sidebar, one language on top, all of them below."""
    st.title("Languages")
    languages_examples.go_on()
    with state.error_guard(PAGE):
        figures = languages_choice.read_figures()
        tables.show_texts(figures.unreadable, key=f"{PAGE}.unreadable", tone="warning")
        with st.sidebar:
            wanted = languages_choice.filter_inputs(figures)
        # On top, but filled last: its examples may have to be projected first.
        one = st.container()
        tables.show_heading("All languages")
        overview = st.container()
        wanted = languages_choice.order_inputs(wanted)
        listed = list_languages(wanted, figures.published, figures.ours)
        with overview:
            languages_chart.show_overview(listed)
        languages_table.show_languages(listed, wanted)
        address = languages_choice.address_of(wanted, figures)
        with one, state.error_guard(f"{PAGE}.one"):
            address |= languages_detail.show_language(figures)
        addresses.write_address(address)


if frame.in_frame():
    main()
