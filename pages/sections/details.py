"""What a projection took, and its whole story to take away."""

from __future__ import annotations

import json
import re
from typing import Any

import streamlit as st

from core.explain import explanation_text
from core.types import Projection
from pages.widgets import tables


def show_details(projection: Projection, record: dict[str, Any], *, page: str) -> None:
    """Show timings and the whole story as text, with downloads.

    Args:
        projection: from the pipeline.
        record: its explanation.
        page: first part of the widget keys.
    """
    seconds = record["seconds"]
    tables.show_table(
        ["Stage", "Milliseconds"],
        [[stage, 1000 * spent] for stage, spent in seconds.items()],
        caption=f"Solution: {record['status'] or 'none'}; sum of the chosen scores "
        f"{record['objective']:.2f}",
        key=f"{page}.seconds",
    )
    text = explanation_text(projection)
    with st.expander("The whole story as text", key=f"{page}.expander.story"):
        st.code(text, language=None, wrap_lines=True)
    name = re.sub(r"[^\w.-]+", "-", f"{record['id'] or 'sentence'}.{record['method']}")
    left, right = st.columns(2)
    left.download_button(
        "Download as JSON",
        json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False),
        file_name=f"{name}.json",
        mime="application/json",
        on_click="ignore",
        key=f"{page}.download_json",
    )
    right.download_button(
        "Download as text",
        text,
        file_name=f"{name}.txt",
        mime="text/plain",
        on_click="ignore",
        key=f"{page}.download_text",
    )
