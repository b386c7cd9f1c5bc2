"""A choice that the page's address may make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import streamlit as st

from pages.widgets import addresses, tables

Option = TypeVar("Option", bound=str)


def choose_one(
    page: str, label: str, name: str, options: Sequence[Option], labels: Mapping[Option, str]
) -> Option:
    """Ask for one of several; what the address names and is not there is told.

    Args:
        page: first part of the widget's key.
        label: of the widget.
        name: second part of the key, and the parameter in the address.
        options: what can be chosen.
        labels: how they are shown, where not as they are.
    """
    key = f"{page}.{name}"
    told = addresses.take_from_address(key, name, options)
    tables.show_texts([told] if told else [], key=f"{page}.address.{name}", tone="warning")
    chosen: Option = st.selectbox(
        label,
        options,
        format_func=lambda one: labels.get(one, one),
        key=key,
        persist_state="session",
    )
    return chosen
