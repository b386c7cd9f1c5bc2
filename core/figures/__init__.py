"""Figures by language: what others published, what we measured, and what runs here have found.

Figures of different sources or settings differ in translation model, tagger and data. So every
figure carries both, and only figures of one `Group` are ever compared.

    values.py    a figure, and the group it may be compared in
    tables.py    the tables in assets/published, checked line by line
    runs.py      what runs of `evaluate` on this machine have found
    standing.py  the best method of a group, and its distance from model transfer
    listing.py   all languages as rows: filtered, sorted, as CSV
"""

from __future__ import annotations

from core.figures.listing import (
    LANGUAGES_SORTS,
    Listed,
    Wanted,
    list_languages,
    listing_columns,
    listing_csv,
    listing_rows,
)
from core.figures.runs import run_figures
from core.figures.standing import Standing, standings
from core.figures.tables import (
    alignment_figures,
    measured_figures,
    published_figures,
    question_figures,
    read_figures,
)
from core.figures.values import AlignmentFigure, Figure, Group, QuestionFigure

__all__ = [
    "LANGUAGES_SORTS",
    "AlignmentFigure",
    "Figure",
    "Group",
    "Listed",
    "QuestionFigure",
    "Standing",
    "Wanted",
    "alignment_figures",
    "list_languages",
    "listing_columns",
    "listing_csv",
    "listing_rows",
    "measured_figures",
    "published_figures",
    "question_figures",
    "read_figures",
    "run_figures",
    "standings",
]
