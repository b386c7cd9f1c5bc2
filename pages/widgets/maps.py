"""Heat maps of states and of shares, as Plotly charts with a letter or number in every cell.

Colour is never alone: a state has its symbol, a share its number, and the chart's `alt` names the
table beside it. Plotly reads a little HTML in its texts, so every text is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.linked_text import chart_label

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_CELL_PIXELS, _MARGIN_PIXELS = 30, 110
_LOWEST, _HIGHEST = 200, 900
_CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}
# One hue from light to dark: readable with any colour vision, and in print.
_SCALE = "Blues"


@dataclass(frozen=True, slots=True)
class State:
    """How a cell's state is drawn: light enough for dark letters on it.

    Attributes:
        symbol: stands in the cell.
        colour: of the cell, as Plotly has it.
        meaning: said on hover and in the legend.
    """

    symbol: str
    colour: str
    meaning: str


def show_states(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[str]],
    states: Mapping[str, State],
    *,
    alt: str,
    key: str,
) -> None:
    """Show which state every cell is in.

    Args:
        rows: their labels, from `chart_label`, distinct.
        columns: their labels, from `chart_label`, distinct.
        cells: name of each cell's state, shape (rows, columns).
        states: how to draw them, by name.
        alt: what the chart shows and where the same stands as text.
        key: widget key.
    """
    places = {name: place for place, name in enumerate(states)}
    figure = _heat_map(
        rows,
        columns,
        z=[[places[cell] for cell in row] for row in cells],
        text=[[states[cell].symbol for cell in row] for row in cells],
        hover=[[escape(states[cell].meaning) for cell in row] for row in cells],
        colorscale=_steps([state.colour for state in states.values()]),
        zmin=-0.5,
        zmax=len(states) - 0.5,
        showscale=False,
    )
    figure.update_traces(textfont={"color": "#1a1a1a", "size": 14})
    st.plotly_chart(figure, key=key, config=_CONFIG, alt=alt)


def _steps(colours: Sequence[str]) -> list[list[float | str]]:
    """Return a colour scale without transitions."""
    count = len(colours)
    scale: list[list[float | str]] = []
    for place, colour in enumerate(colours):
        scale += [[place / count, colour], [(place + 1) / count, colour]]
    return scale


def show_shares(
    names: Sequence[str], matrix: Sequence[Sequence[float]], *, title: str, alt: str, key: str
) -> None:
    """Show a symmetric matrix of shares in [0, 1], with the percent in every cell.

    Args:
        names: of rows and columns, distinct.
        matrix: shares, shape (names, names).
        title: what a share is of.
        alt: what the chart shows and where the same stands as text.
        key: widget key.
    """
    labels = [chart_label(name) for name in names]
    figure = _heat_map(
        labels,
        labels,
        z=matrix,
        text=[[f"{100 * value:.1f}" for value in row] for row in matrix],
        hover=[[f"{100 * value:.2f} %" for value in row] for row in matrix],
        colorscale=_SCALE,
        zmin=0,
        zmax=1,
        colorbar={"title": escape(title), "thickness": 10},
    )
    st.plotly_chart(figure, key=key, config=_CONFIG, alt=alt)


def _heat_map(
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    z: Sequence[Sequence[float]],
    text: Sequence[Sequence[str]],
    hover: Sequence[Sequence[str]],
    **options: Any,
) -> Figure:
    from plotly import graph_objects

    figure = graph_objects.Figure()
    figure.add_heatmap(
        x=columns,
        y=rows,
        z=z,
        text=text,
        customdata=hover,
        texttemplate="%{text}",
        hovertemplate="%{y} · %{x}: %{customdata}<extra></extra>",
        xgap=2,
        ygap=2,
        **options,
    )
    height = max(_LOWEST, min(_HIGHEST, len(rows) * _CELL_PIXELS + _MARGIN_PIXELS))
    figure.update_yaxes(type="category", range=[len(rows) - 0.5, -0.5], tickmode="linear")
    figure.update_xaxes(type="category", side="top", tickmode="linear", tickangle=-30)
    figure.update_xaxes(showgrid=False, zeroline=False)
    figure.update_yaxes(showgrid=False, zeroline=False)
    figure.update_layout(height=height, margin={"l": 10, "r": 10, "t": 30, "b": 10}, dragmode="pan")
    return figure
