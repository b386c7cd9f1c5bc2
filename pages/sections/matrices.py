"""The matrices behind a projection: word similarity with links, and entity × candidate scores."""

from __future__ import annotations

import streamlit as st

from core.explain import entity_letter
from core.types import Alignment, Decision, Projection
from pages.widgets import charts, tables

_MOST_CANDIDATES, _FEWEST_CANDIDATES, _USUAL_CANDIDATES = 200, 5, 30


def show_links(projection: Projection, *, page: str) -> None:
    """Show the links as a matrix and as a table.

    Args:
        projection: from the pipeline.
        page: first part of the widget keys.
    """
    alignment = projection.trace.alignment
    if alignment is None:
        tables.show_texts(["There are no links."], key=f"{page}.no_links", tone="note")
        return
    st.caption(
        "Squares are links; a click on a cell adds or removes one. Orange frames are entities "
        "(source) and projected spans (target), dotted green frames are gold."
    )
    charts.show_links(projection, key=f"{page}.matrix")
    with st.expander(f"Table of {len(alignment.links)} links", key=f"{page}.expander.link_table"):
        tables.show_table(
            ["Source word", "", "Target word", "", "Similarity", "Kind"],
            _link_rows(projection, alignment),
            caption="Words are counted from 0.",
            key=f"{page}.link_table",
        )


def _link_rows(projection: Projection, alignment: Alignment) -> list[list[tables.Cell]]:
    source, target = projection.pair.source.words, projection.pair.target.words
    similarity = alignment.similarity
    return [
        [
            link.source,
            source[link.source],
            link.target,
            target[link.target],
            None if similarity is None else float(similarity[link.source, link.target]),
            "sure" if link.sure else "possible",
        ]
        for link in alignment.links
    ]


def show_scores(projection: Projection, *, page: str) -> None:
    """Show the scores, a panel a term, and as a table.

    Args:
        projection: from the pipeline.
        page: first part of the widget keys.
    """
    scores = projection.trace.scores
    if scores is None or not projection.pair.source.spans:
        tables.show_texts(
            ["There are no scores: the method decides from links alone, or nothing was scored."],
            key=f"{page}.no_scores",
            tone="note",
        )
        return
    most = st.slider(
        "Candidates to show",
        _FEWEST_CANDIDATES,
        _MOST_CANDIDATES,
        _USUAL_CANDIDATES,
        key=f"{page}.most_candidates",
        persist_state="session",
    )
    choice = charts.choose_candidates(projection, most)
    st.caption(
        f"{len(choice.columns)} of {len(projection.trace.candidates)} candidates; {choice.hidden} "
        f"with a lower score and {choice.unscored} that score 0 for every entity are hidden. "
        "Square: chosen; circle: runner-up."
    )
    charts.show_scores(projection, choice, key=f"{page}.scores")
    with st.expander("Table of these scores", key=f"{page}.expander.score_table"):
        _show_score_table(projection, choice, page=page)


def _show_score_table(projection: Projection, choice: charts.CandidateChoice, *, page: str) -> None:
    scores = projection.trace.scores
    tables.show_table(
        ["", "Entity", "Candidate", "Total", *(scores.terms if scores else ()), "Decision"],
        _score_rows(projection, choice),
        caption="Pairs with a positive score, best first. Terms are before weighting.",
        key=f"{page}.score_table",
    )


def _score_rows(projection: Projection, choice: charts.CandidateChoice) -> list[list[tables.Cell]]:
    scores, candidates = projection.trace.scores, projection.trace.candidates
    if scores is None:
        return []
    roles = _roles(projection.decisions)
    rows: list[list[tables.Cell]] = []
    for entity, span in enumerate(projection.pair.source.spans):
        ranked = sorted(choice.columns, key=lambda column: -scores.total[entity, column])
        rows += [
            [
                entity_letter(entity),
                projection.pair.source.text_of(span),
                (
                    projection.pair.target.text_of(candidates[column]),
                    f"[{candidates[column].start},\u00a0{candidates[column].end})",
                ),
                float(scores.total[entity, column]),
                *(float(term[entity, column]) for term in scores.terms.values()),
                roles.get((entity, candidates[column].start, candidates[column].end)),
            ]
            for column in ranked
            if scores.total[entity, column] > 0
        ]
    return rows


def _roles(decisions: tuple[Decision, ...]) -> dict[tuple[int, int, int], str]:
    roles = {}
    for decision in decisions:
        for name, candidate in (("runner-up", decision.runner_up), ("chosen", decision.candidate)):
            if candidate is not None:
                roles[decision.entity, candidate.start, candidate.end] = name
    return roles
