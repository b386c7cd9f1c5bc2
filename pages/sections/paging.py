"""Long lists a page at a time: the browser gets what it shows and no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

Item = TypeVar("Item")


def show_number(number: int, open_it: Callable[[], None], *, key: str, here: bool = False) -> None:
    """Show a sentence's number as a button that opens it.

    Args:
        number: of the sentence, from 1.
        open_it: called on a click.
        key: of the button.
        here: whether it is the sentence that is open.
    """
    st.button(
        str(number),
        key=key,
        on_click=open_it,
        type="primary" if here else "tertiary",
        width=52,
        help="This sentence is open" if here else f"Open sentence {number}",
    )


def page_of(
    items: Sequence[Item], *, per_page: int, key: str, hint: str = "", follow: Item | None = None
) -> Sequence[Item]:
    """Ask for a page of a list, and return what is on it.

    Args:
        items: the list.
        per_page: how many items a page has.
        key: first part of the widget's key.
        hint: a sentence behind the count.
        follow: an item of the list, whose page is shown until another page is chosen.
    """
    pages = max(1, -(-len(items) // per_page))
    home = 1 if follow is None else items.index(follow) // per_page + 1
    place = 1
    if pages > 1:
        # With what it depends on in its key, another list or item begins on its own page.
        place = st.pagination(
            pages,
            default=home,
            key=f"{key}.page.{pages}.{home}",
            persist_state="session" if follow is None else None,
        )
    first = (place - 1) * per_page
    shown = items[first : first + per_page]
    if items:
        st.caption(f"{first + 1} to {first + len(shown)} of {len(items)}. {hint}".strip())
    return shown
