"""Curves of what was measured over the steps of several runs, as Plotly charts.

A run is told by its colour and its dash; the chart's `alt` names the table beside it.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.linked_text import chart_label

_PANEL_PIXELS, _MARGIN_PIXELS = 170, 90
_CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}
# Okabe and Ito's colours, apart with any colour vision and readable on light and on dark.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_DASHES = ("solid", "dash", "dot", "dashdot")
_SHAPES = ("", "/", "x", ".")
_BARS_PIXELS, _LONGEST_SERIES = 380, 40
# One point alone makes no line.
_MARKED_POINTS = 60

Curves = Mapping[str, Mapping[str, Mapping[int, float]]]
"""Metric → run → step → value."""


def show_curves(curves: Curves, *, alt: str, key: str) -> None:
    """Show a panel for each metric, all over the same steps, with a line for each run.

    Args:
        curves: what was measured.
        alt: what the chart shows and where the same stands as text.
        key: widget key.
    """
    from plotly.subplots import make_subplots

    if not curves:
        return
    titles = [chart_label(metric) for metric in curves]
    figure = make_subplots(
        rows=len(curves),
        shared_xaxes=True,
        subplot_titles=titles,
        vertical_spacing=0.3 / len(curves),
    )
    names = list(dict.fromkeys(name for runs in curves.values() for name in runs))
    told = set[str]()
    for row, runs in enumerate(curves.values(), start=1):
        for name, values in runs.items():
            place = names.index(name)
            steps = sorted(values)
            colour = _COLOURS[place % len(_COLOURS)]
            figure.add_scatter(
                x=steps,
                y=[values[step] for step in steps],
                mode="lines+markers" if len(steps) <= _MARKED_POINTS else "lines",
                name=chart_label(name),
                legendgroup=name,
                showlegend=len(names) > 1 and name not in told,
                line={"color": colour, "dash": _DASHES[place // len(_COLOURS) % len(_DASHES)]},
                marker={"color": colour, "size": 5},
                hovertemplate="step %{x}: %{y:.4g}",
                row=row,
                col=1,
            )
            told.add(name)
    figure.update_xaxes(title="step", row=len(curves), col=1)
    figure.update_layout(
        height=len(curves) * _PANEL_PIXELS + _MARGIN_PIXELS,
        margin={"l": 10, "r": 10, "t": 40, "b": 10},
        legend={"orientation": "h", "y": 1.04, "yanchor": "bottom"},
        dragmode="pan",
    )
    st.plotly_chart(figure, key=key, config=_CONFIG, alt=alt)


def show_bars(bars: Mapping[str, Mapping[str, float]], *, title: str, alt: str, key: str) -> None:
    """Show groups of bars: a group for each name, a bar for each series in it.

    Args:
        bars: series → name → value.
        title: of the axis of values.
        alt: what the chart shows and where the same stands as text.
        key: widget key.
    """
    from plotly import graph_objects

    figure = graph_objects.Figure()
    for place, (series, values) in enumerate(bars.items()):
        figure.add_bar(
            x=[chart_label(name) for name in values],
            y=list(values.values()),
            name=chart_label(series, _LONGEST_SERIES),
            marker={
                "color": _COLOURS[place % len(_COLOURS)],
                "pattern": {"shape": _SHAPES[place // len(_COLOURS) % len(_SHAPES)]},
            },
            hovertemplate="%{x}: %{y:.2f}",
        )
    figure.update_layout(
        barmode="group",
        height=_BARS_PIXELS,
        margin={"l": 10, "r": 10, "t": 40, "b": 10},
        legend={"orientation": "h", "y": 1.04, "yanchor": "bottom"},
        showlegend=len(bars) > 1,
        dragmode="pan",
        yaxis={"title": title},
    )
    st.plotly_chart(figure, key=key, config=_CONFIG, alt=alt)
