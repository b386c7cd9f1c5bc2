"""Tables and notes as real HTML, which people, screen readers and tests can read.

Streamlit's own tables read Markdown in their cells; here every text is escaped and stays text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Literal

import streamlit as st

Isolated = tuple[str, str]
"""A text of any direction and a remark behind it, which must not be drawn into its order."""
Cell = str | float | int | Isolated | None
_QUOTED = re.compile("“([^“”]*)”")
Tone = Literal["plain", "note", "warning", "error"]


def show_table(
    columns: Sequence[str], rows: Sequence[Sequence[Cell]], *, caption: str, key: str
) -> None:
    """Show a table that scrolls by itself where the window is narrow.

    Args:
        columns: heading of each column.
        rows: cells; numbers get two decimals, None an empty cell.
        caption: what the table shows, for everybody.
        key: key of the container around it.
    """
    head = "".join(
        f'<th scope="col"{_alignment(rows, place)}>{escape(column)}</th>'
        for place, column in enumerate(columns)
    )
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    html = (
        f'<div class="sb-scroll" tabindex="0"><table class="sb-table">'
        f"<caption><span>{escape(caption)}</span></caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
    with st.container(key=key):
        st.html(html)


def _alignment(rows: Sequence[Sequence[Cell]], place: int) -> str:
    """Put the heading of a column of numbers above the numbers."""
    cells = [row[place] for row in rows if row[place] is not None]
    numeric = bool(cells) and all(isinstance(cell, int | float) for cell in cells)
    return ' class="sb-number"' if numeric else ""


def _cell(value: Cell) -> str:
    if value is None:
        return "<td></td>"
    if isinstance(value, tuple):
        text, remark = map(escape, value)
        return f'<td dir="auto"><bdi>{text}</bdi> <span class="sb-remark">{remark}</span></td>'
    if isinstance(value, float):
        return f'<td class="sb-number">{value:.2f}</td>'
    if isinstance(value, int):
        return f'<td class="sb-number">{value}</td>'
    return f'<td dir="auto">{_isolate_quotes(escape(value))}</td>'


def _isolate_quotes(escaped: str) -> str:
    """Keep quoted text of another direction from reordering the sentence around it."""
    return _QUOTED.sub(r"“<bdi>\1</bdi>”", escaped)


def show_heading(text: str) -> None:
    """Show a small heading."""
    st.html(f'<h3 class="sb-heading">{escape(text)}</h3>')


def show_texts(texts: Sequence[str], *, key: str, tone: Tone = "plain") -> None:
    """Show paragraphs or, where there are several, a list.

    Args:
        texts: shown as they are, never interpreted.
        key: key of the container around them.
        tone: how it looks; an error or a warning is announced to screen readers.
    """
    if not texts:
        return
    role = ' role="alert"' if tone in ("warning", "error") else ""
    items = [_isolate_quotes(escape(text)) for text in texts]
    if len(items) == 1:
        inner = f'<p dir="auto">{items[0]}</p>'
    else:
        inner = "".join(f'<li dir="auto">{item}</li>' for item in items)
        inner = f"<ul>{inner}</ul>"
    with st.container(key=key):
        st.html(f'<div class="sb-texts sb-{tone}"{role}>{inner}</div>')
