"""Figures of pairings of languages, as a heat map with the table beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from core.linked_text import chart_label
from pages.widgets import tables

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

Pairings = Mapping[tuple[str, str], float]
"""Language of the contexts and of the questions → a figure, 0 to 100."""
_CELL_PIXELS, _MARGIN_PIXELS = 42, 90
_CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}


def show_matrix(values: Pairings, *, title: str, caption: str, key: str) -> None:
    """Show a row for each language of contexts, a column for each language of questions.

    Args:
        values: of the pairings there are; others stay empty.
        title: what the figures are.
        caption: what the table shows.
        key: widget key of the chart; the table's is `{key}.table`.
    """
    rows = sorted({context for context, _ in values})
    columns = sorted({question for _, question in values})
    alt = (
        f"Heat map of {title}: {len(rows)} languages of contexts by {len(columns)} of questions. "
        "The table below says the same."
    )
    st.plotly_chart(_figure(values, rows, columns, title), key=key, config=_CONFIG, alt=alt)
    cells: list[list[tables.Cell]] = [
        [row, *(values.get((row, column)) for column in columns)] for row in rows
    ]
    tables.show_table(
        ["Contexts", *(f"asked in {column}" for column in columns)],
        cells,
        caption=caption,
        key=f"{key}.table",
    )


def _figure(values: Pairings, rows: list[str], columns: list[str], title: str) -> Figure:
    from plotly import graph_objects

    figure = graph_objects.Figure()
    cells = [[values.get((row, column)) for column in columns] for row in rows]
    figure.add_heatmap(
        x=[chart_label(column) for column in columns],
        y=[chart_label(row) for row in rows],
        z=cells,
        text=[["" if cell is None else f"{cell:.1f}" for cell in row] for row in cells],
        texttemplate="%{text}",
        hovertemplate="contexts %{y}, questions %{x}: %{z:.2f}<extra></extra>",
        hoverongaps=False,
        # One hue from light to dark: readable with any colour vision, and in print.
        colorscale="Blues",
        zmin=0,
        zmax=100,
        xgap=2,
        ygap=2,
        colorbar={"title": title, "thickness": 10},
    )
    axes = {"type": "category", "tickmode": "linear", "showgrid": False, "zeroline": False}
    figure.update_yaxes(title="contexts", range=[len(rows) - 0.5, -0.5], **axes)
    figure.update_xaxes(title="questions", side="top", **axes)
    figure.update_layout(
        height=len(rows) * _CELL_PIXELS + _MARGIN_PIXELS,
        margin={"l": 10, "r": 10, "t": 30, "b": 10},
        dragmode="pan",
    )
    return figure
