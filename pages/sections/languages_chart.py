"""The languages at a glance: families down, resources or scripts across, coloured by F1.

A square is a language with its code and its F1 written in it, so colour says nothing alone; the
table below has the same. A click on a square opens the language, as the box on top does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.figures import Listed, Standing
from core.figures.listing import NOT_MEASURED, percent
from core.linked_text import chart_label
from pages.sections.languages_choice import PAGE, script_name
from pages.widgets import tables

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_RESOURCES, _SCRIPT = "Resources", "Script"
# Languages of one cell that stand side by side: narrow enough for a narrow window.
_SIDE_BY_SIDE = {_RESOURCES: 2, _SCRIPT: 4}
_MANY_COLUMNS = 8
_AXIS_TITLES = {_RESOURCES: "Resources, 0 to 5; ?: not certain", _SCRIPT: "Script"}
_PUBLISHED, _OURS = "Published F1", "Our F1"
_CONFIG = {"displayModeBar": False}
# One hue, light enough for dark letters: readable with any colour vision, and in print.
_SCALE = [[0, "#f7fbff"], [0.5, "#9ecae1"], [1, "#4a97cc"]]
_UNKNOWN, _INK = "#e4e6ea", "#1a1a1a"
_ROW_PIXELS, _MARGIN_PIXELS, _MARK_PIXELS = 36, 90, 24
_CHART = f"{PAGE}.chart"
CHOSEN = f"{PAGE}.language"


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where every language stands, and where each family and each column begins and ends."""

    places: Mapping[str, tuple[float, float]]
    columns: Mapping[str, tuple[float, float]]
    families: Mapping[str, tuple[float, float]]


def show_overview(listed: Sequence[Listed]) -> None:
    """Show the languages as squares.

    Args:
        listed: which ones.
    """
    if not listed:
        return
    left, right, _ = st.columns([2, 2, 3], vertical_alignment="bottom")
    with left:
        across = _one_of("Across", (_RESOURCES, _SCRIPT), key=f"{PAGE}.across")
    with right:
        whose = _one_of("Coloured by", (_PUBLISHED, _OURS), key=f"{PAGE}.colour")
    grid = _lay_out(listed, across)
    standing = {
        one.language.code: next(iter(one.published if whose == _PUBLISHED else one.measured), None)
        for one in listed
    }
    st.plotly_chart(
        _figure(listed, grid, standing, _AXIS_TITLES[across]),
        key=_CHART,
        config=_CONFIG,
        on_select=_open,
        selection_mode="points",
        alt=f"{len(listed)} languages by family and {across.lower()}, coloured by {whose}. "
        "The table below says the same.",
    )
    missing = sum(one is None for one in standing.values())
    if missing:
        tables.show_texts([f"Grey: {missing} not measured."], key=f"{PAGE}.grey")


def _one_of(label: str, options: Sequence[str], *, key: str) -> str:
    chosen: str = st.segmented_control(
        label, options, default=options[0], required=True, key=key, persist_state="session"
    )
    return chosen


def _open() -> None:
    """Open the language that was clicked."""
    points = st.session_state[_CHART].selection.points
    if points:
        st.session_state[CHOSEN] = points[0]["customdata"][0]


def _lay_out(listed: Sequence[Listed], across: str) -> _Grid:
    """Put the languages of one family and one column side by side, some in a row."""
    cells: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in sorted(listed, key=lambda one: one.language.code):
        cells[one.language.family, _column(one, across)].append(one.language.code)
    names = sorted({column for _, column in cells}, key=lambda name: (name == "?", name))
    families = sorted({family for family, _ in cells})
    widths = {
        name: min(_SIDE_BY_SIDE[across], max(len(cells[family, name]) for family in families))
        for name in names
    }
    heights = {
        family: max(-(-len(cells[family, name]) // widths[name]) for name in names)
        for family in families
    }
    columns, rows = _bands(widths), _bands(heights)
    places = {
        code: (
            columns[name][0] + number % widths[name] + 0.5,
            rows[family][0] + number // widths[name] + 0.5,
        )
        for (family, name), codes in cells.items()
        for number, code in enumerate(codes)
    }
    return _Grid(places, columns, rows)


def _column(one: Listed, across: str) -> str:
    if across == _SCRIPT:
        return script_name(one.language.script)
    return "?" if one.language.resources is None else str(one.language.resources)


def _bands(sizes: Mapping[str, int]) -> dict[str, tuple[float, float]]:
    """Lay bands one behind another."""
    bands, start = {}, 0.0
    for name, size in sizes.items():
        bands[name] = (start, start + size)
        start += size
    return bands


def _figure(
    listed: Sequence[Listed], grid: _Grid, standing: Mapping[str, Standing | None], title: str
) -> Figure:
    from plotly import graph_objects

    figure = graph_objects.Figure()
    for known in (True, False):
        shown = [one for one in listed if (standing[one.language.code] is not None) == known]
        if shown:
            figure.add_heatmap(**_squares(shown, grid, standing))
    # A click on a heat map tells nothing: clear marks above it do.
    figure.add_scatter(
        x=[grid.places[one.language.code][0] for one in listed],
        y=[grid.places[one.language.code][1] for one in listed],
        mode="markers",
        marker={"symbol": "square", "size": _MARK_PIXELS, "opacity": 0},
        customdata=[
            [one.language.code, _hover(one, standing[one.language.code])] for one in listed
        ],
        hovertemplate="%{customdata[1]}<extra></extra>",
        showlegend=False,
    )
    _lay_axes(figure, grid, title)
    return figure


def _squares(
    shown: Sequence[Listed], grid: _Grid, standing: Mapping[str, Standing | None]
) -> dict[str, Any]:
    """Return the squares of some languages; all of them are measured, or none is."""
    width, height = _size(grid)
    z: list[list[float | None]] = [[None] * width for _ in range(height)]
    text = [[""] * width for _ in range(height)]
    for one in shown:
        column, row = (int(place) for place in grid.places[one.language.code])
        found = standing[one.language.code]
        z[row][column] = 0.0 if found is None else found.best.f1
        number = "" if found is None else f"<br>{percent(found.best.f1)}"
        text[row][column] = f"{escape(one.language.code)}{number}"
    measured = standing[shown[0].language.code] is not None
    return {
        "x": [place + 0.5 for place in range(width)],
        "y": [place + 0.5 for place in range(height)],
        "z": z,
        "text": text,
        "texttemplate": "%{text}",
        "textfont": {"size": 11, "color": _INK},
        "colorscale": _SCALE if measured else [[0, _UNKNOWN], [1, _UNKNOWN]],
        "zmin": 0,
        "zmax": 1,
        "showscale": False,
        "hoverinfo": "skip",
        "xgap": 2,
        "ygap": 2,
    }


def _size(grid: _Grid) -> tuple[int, int]:
    width, height = (max(end for _, end in one.values()) for one in (grid.columns, grid.families))
    return int(width), int(height)


def _hover(one: Listed, standing: Standing | None) -> str:
    name = chart_label(one.language.name)
    if standing is None:
        return f"{name}: {NOT_MEASURED}"
    group = standing.group
    return (
        f"{name}: {percent(standing.best.f1)}<br>{escape(standing.best.title)}<br>"
        f"{escape(group.place)}<br>{escape(group.study)}"
    )


def _lay_axes(figure: Figure, grid: _Grid, title: str) -> None:
    width, height = _size(grid)
    for axis, bands in ((figure.update_xaxes, grid.columns), (figure.update_yaxes, grid.families)):
        axis(
            tickvals=[sum(band) / 2 for band in bands.values()],
            ticktext=[chart_label(name) for name in bands],
            showgrid=False,
            zeroline=False,
            fixedrange=True,
        )
    figure.update_layout(
        shapes=[*_lines("y", grid.families, width), *_lines("x", grid.columns, height)],
        height=height * _ROW_PIXELS + _MARGIN_PIXELS,
        margin={"l": 10, "r": 10, "t": 60, "b": 10},
        hovermode="closest",
        hoverdistance=_ROW_PIXELS * 2,
        dragmode=False,
    )
    angle = -40 if len(grid.columns) > _MANY_COLUMNS else 0
    figure.update_xaxes(range=[0, width], side="top", title=title, tickangle=angle)
    figure.update_yaxes(range=[height, 0])


def _lines(
    axis: str, bands: Mapping[str, tuple[float, float]], length: int
) -> list[dict[str, Any]]:
    """Return a line between every two bands."""
    other = "x" if axis == "y" else "y"
    line = {"color": "rgba(128,128,128,0.35)", "width": 1}
    return [
        {
            "type": "line",
            f"{axis}0": end,
            f"{axis}1": end,
            f"{other}0": 0,
            f"{other}1": length,
            "line": line,
            "layer": "below",
        }
        for _, end in [*bands.values()][:-1]
    ]
