"""Matrices as Plotly charts: word similarity with links, and scores with decisions.

Plotly reads a little HTML in its texts, so every word is escaped before it goes in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from core.explain import entity_letter
from core.linked_text import chart_label
from core.types import Candidate, Projection, ScoreMatrix, Sentence, Span

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

# More ticks than this cannot be read; the words are then told on hover only.
_MOST_TICKS = 70
_LONGEST_LABEL = 22
_CELL_PIXELS, _MARGIN_PIXELS = 22, 130
_LOWEST, _HIGHEST = 280, 820
_CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}
# One hue from light to dark: readable with any colour vision, and in print.
_SCALE = "Blues"
_MARK = "#d55e00"
_ENTITY_BAND, _GOLD_BAND = "rgba(213,94,0,0.9)", "rgba(0,158,115,0.9)"


@dataclass(frozen=True, slots=True)
class CandidateChoice:
    """Which candidates a score chart shows.

    Attributes:
        columns: indices into the candidates, in order of the sentence.
        hidden: how many candidates with a positive score are left out.
        unscored: how many candidates score 0 for every entity.
    """

    columns: tuple[int, ...]
    hidden: int
    unscored: int


def choose_candidates(projection: Projection, most: int) -> CandidateChoice:
    """Choose the candidates with the highest scores; the decisions' own are always among them.

    Args:
        projection: with scores.
        most: about how many to show.
    """
    scores = projection.trace.scores
    if scores is None or not scores.total.size:
        return CandidateChoice((), 0, 0)
    best = scores.total.max(axis=0)
    positive = np.flatnonzero(best > 0)
    ranked = positive[np.argsort(-best[positive], kind="stable")]
    kept = {int(column) for column in ranked[:most]} | _decided_columns(projection)
    return CandidateChoice(
        tuple(sorted(kept)), len(set(positive.tolist()) - kept), len(best) - len(positive)
    )


def _decided_columns(projection: Projection) -> set[int]:
    places = {candidate: column for column, candidate in enumerate(projection.trace.candidates)}
    wanted = [d.candidate for d in projection.decisions] + [
        d.runner_up for d in projection.decisions
    ]
    return {places[candidate] for candidate in wanted if candidate in places}


def show_links(projection: Projection, *, key: str) -> None:
    """Show the similarity of all words as a heat map, with the links as square marks.

    Args:
        projection: with an alignment.
        key: widget key.
    """
    alignment = projection.trace.alignment
    if alignment is None:
        return
    source, target = projection.pair.source, projection.pair.target
    figure = _links_figure(projection)
    _lay_axes(figure, _word_labels(source), _word_labels(target))
    figure.update_xaxes(side="top")
    # Between hundreds of words thick frames would hide what they enclose.
    width = 2 if max(len(source.words), len(target.words)) <= _MOST_TICKS else 0.6
    shapes = _frames("y", source.spans, _ENTITY_BAND, width=width)
    shapes += _frames("x", projection.spans, _ENTITY_BAND, width=width)
    if projection.pair.has_gold:
        shapes += _frames("x", target.spans, _GOLD_BAND, width=width, dash="dot")
    figure.update_layout(shapes=shapes)  # at once: adding them one by one takes seconds
    _lay_out(figure, rows=len(source.words))
    st.plotly_chart(
        figure,
        key=key,
        config=_CONFIG,
        alt=f"Matrix of {len(source.words)} source and {len(target.words)} target words with "
        f"{len(alignment.links)} links. The table of links below says the same.",
    )


def _links_figure(projection: Projection) -> Figure:
    from plotly import graph_objects

    figure = graph_objects.Figure()
    alignment = projection.trace.alignment
    if alignment is None:
        return figure
    rows, columns = _word_labels(projection.pair.source), _word_labels(projection.pair.target)
    if alignment.similarity is not None:
        figure.add_heatmap(
            x=columns,
            y=rows,
            z=alignment.similarity,
            colorscale=_SCALE,
            colorbar={"title": "similarity", "thickness": 10},
            hovertemplate="%{y} – %{x}: %{z:.3f}<extra></extra>",
        )
    figure.add_scatter(
        x=[columns[link.target] for link in alignment.links],
        y=[rows[link.source] for link in alignment.links],
        mode="markers",
        hovertemplate="%{y} – %{x}: linked<extra></extra>",
        marker={
            "symbol": ["square-open" if link.sure else "circle-open" for link in alignment.links],
            "size": _marker_size(len(rows), len(columns)),
            "color": _MARK,
            "line": {"width": 2},
        },
    )
    return figure


def _word_labels(sentence: Sentence) -> list[str]:
    """Name every word; its number keeps equal words apart."""
    return [f"{index} {_label(word)}" for index, word in enumerate(sentence.words)]


def _marker_size(rows: int, columns: int) -> int:
    return max(3, min(13, 700 // max(rows, columns, 1)))


def show_scores(projection: Projection, choice: CandidateChoice, *, key: str) -> None:
    """Show entity × candidate scores, a panel for the weighted sum and one for each term.

    All panels have the same columns, so that zooming into one zooms into all.

    Args:
        projection: with scores.
        choice: which candidates to show.
        key: widget key.
    """
    from plotly.subplots import make_subplots

    scores = projection.trace.scores
    if scores is None or not choice.columns:
        return
    panels = {"total": scores.total}
    panels |= {
        name if scores.weights[name] == 1 else f"{name} (weight {scores.weights[name]:g})": term
        for name, term in scores.terms.items()
    }
    candidates = [projection.trace.candidates[column] for column in choice.columns]
    entities = _entity_labels(projection)
    labels = [_candidate_label(projection, candidate) for candidate in candidates]
    figure = make_subplots(
        rows=len(panels), shared_xaxes=True, subplot_titles=list(panels), vertical_spacing=0.09
    )
    columns = dict(zip(candidates, labels, strict=True))
    for row, (name, matrix) in enumerate(panels.items(), start=1):
        figure.add_heatmap(
            x=labels,
            y=entities,
            z=matrix[:, list(choice.columns)],
            coloraxis="coloraxis" if row == 1 else "coloraxis2",
            hovertemplate=f"%{{y}} → %{{x}}: {escape(name)} %{{z:.3f}}<extra></extra>",
            row=row,
            col=1,
        )
        _mark_decisions(figure, projection, entities, columns, row=row)
    _lay_axes(figure, entities, labels)
    rows = len(panels) * (len(entities) + 2)
    _lay_out(figure, rows=rows, highest=_HIGHEST * 2)
    _colour(figure, scores)
    alt = f"Scores of {len(entities)} entities and {len(candidates)} candidates, by term."
    st.plotly_chart(figure, key=key, config=_CONFIG, alt=f"{alt} The table below says the same.")


def _colour(figure: Figure, scores: ScoreMatrix) -> None:
    """Give the sum a scale of its own, and all terms one that they share."""
    highest = max((float(term.max(initial=0.0)) for term in scores.terms.values()), default=0.0)
    bar = {"thickness": 10, "len": 0.45, "yanchor": "middle"}
    figure.update_layout(
        coloraxis={
            "colorscale": _SCALE,
            "cmin": 0,
            "colorbar": {**bar, "title": "total", "y": 0.78},
        },
        coloraxis2={
            "colorscale": _SCALE,
            "cmin": 0,
            "cmax": highest or 1.0,
            "colorbar": {**bar, "title": "terms", "y": 0.25},
        },
    )


def _mark_decisions(
    figure: Figure,
    projection: Projection,
    rows: Sequence[str],
    columns: Mapping[Candidate, str],
    *,
    row: int,
) -> None:
    marks: list[tuple[str, str, list[Candidate | None]]] = [
        ("chosen", "square-open", [d.candidate for d in projection.decisions]),
        ("runner-up", "circle-open", [d.runner_up for d in projection.decisions]),
    ]
    for name, symbol, chosen in marks:
        places = [
            (rows[decision.entity], columns[candidate])
            for decision, candidate in zip(projection.decisions, chosen, strict=True)
            if candidate is not None and candidate in columns
        ]
        figure.add_scatter(
            x=[column for _, column in places],
            y=[entity for entity, _ in places],
            mode="markers",
            name=name,
            legendgroup=name,
            showlegend=row == 1,
            hoverinfo="skip",
            marker={"symbol": symbol, "size": 15, "color": _MARK, "line": {"width": 3}},
            row=row,
            col=1,
        )


def _entity_labels(projection: Projection) -> list[str]:
    source = projection.pair.source
    return [
        f"{entity_letter(index)} {escape(span.label)} {_label(source.text_of(span))}"
        for index, span in enumerate(source.spans)
    ]


def _candidate_label(projection: Projection, candidate: Candidate) -> str:
    text = _label(projection.pair.target.text_of(candidate))
    return f"{text} [{candidate.start}, {candidate.end})"


def _label(text: str) -> str:
    return chart_label(text, _LONGEST_LABEL)


def _lay_axes(figure: Figure, rows: Sequence[str], columns: Sequence[str]) -> None:
    """Name every row and column, or none where the names could not be read."""
    figure.update_yaxes(
        type="category",
        categoryarray=rows,
        range=[len(rows) - 0.5, -0.5],  # the first word on top
        **_ticks(len(rows)),
    )
    figure.update_xaxes(
        type="category",
        categoryarray=columns,
        range=[-0.5, len(columns) - 0.5],
        tickangle=-55,
        **_ticks(len(columns)),
    )


def _ticks(count: int) -> dict[str, Any]:
    if count > _MOST_TICKS:
        return {"showticklabels": False, "title": f"{count}, named on hover"}
    return {"tickmode": "linear"}


def _frames(
    axis: str, spans: Sequence[Span], colour: str, *, width: float, dash: str = "solid"
) -> list[dict[str, Any]]:
    """Frame the rows (axis y) or columns (axis x) of spans."""
    across = "x" if axis == "y" else "y"
    return [
        {
            "type": "rect",
            f"{axis}0": span.start - 0.5,
            f"{axis}1": span.end - 0.5,
            f"{across}ref": f"{across} domain",
            f"{across}0": 0,
            f"{across}1": 1,
            "line": {"color": colour, "width": width, "dash": dash},
        }
        for span in spans
    ]


def _lay_out(figure: Figure, *, rows: int, highest: int = _HIGHEST) -> None:
    height = max(_LOWEST, min(highest, rows * _CELL_PIXELS + _MARGIN_PIXELS))
    figure.update_xaxes(showgrid=False, zeroline=False)
    figure.update_yaxes(showgrid=False, zeroline=False)
    figure.update_layout(
        height=height,
        margin={"l": 10, "r": 10, "t": 30, "b": 10},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"},
        showlegend=any(trace.name for trace in figure.data),
        dragmode="pan",
    )
