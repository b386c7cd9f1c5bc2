"""Every figure of one language, beside its source and setting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.figures import (
    Figure,
    Standing,
    alignment_figures,
    question_figures,
    standings,
)
from core.figures.listing import NOT_MEASURED, percent, points
from core.languages import Language
from core.text.language_codes import is_same_language
from pages.sections.choices import choose_one
from pages.sections.languages_choice import PAGE, Figures, given_note
from pages.widgets import tables

_ORIGINS: Mapping[str, str] = {
    "published": "published",
    "measured": "measured by us",
    "run": "run on this machine",
}
_STUDY, _F1, _METHOD = "study", "f1", "method"
_SORTS = {_STUDY: "Study, highest F1 first", _F1: "F1, whatever the study", _METHOD: "Method"}
# From so many rows on the table scrolls by itself.
_MANY, _BOX_PIXELS = 12, 520
_NOTHING = (NOT_MEASURED, NOT_MEASURED)


def show_figures(language: Language, figures: Figures) -> None:
    """Show where the language stands, all its figures, and what makes ours again.

    Args:
        language: which one.
        figures: all there are.
    """
    own = [one for one in (*figures.published, *figures.ours) if one.language == language.code]
    whole = [one for one in own if not one.label]
    if not whole:
        tables.show_texts(
            [f"Entities in {language.name}: {NOT_MEASURED}, neither here nor in a study we have."],
            key=f"{PAGE}.none",
            tone="note",
        )
    else:
        found = standings(whole)[language.code]
        _show_standings(found)
        _show_all(whole, {one.best for one in found})
        _show_classes([one for one in own if one.label])
    _show_questions(language)
    _show_alignment(language)
    _show_commands(own)


def _show_standings(found: Sequence[Standing]) -> None:
    rows: list[list[tables.Cell]] = [
        [
            *(_NOTHING if one.other is None else (one.other.title, percent(one.other.f1))),
            NOT_MEASURED if one.transfer is None else percent(one.transfer.f1),
            points(one.gain),
            one.group.place,
            one.group.setting,
            f"{one.group.source} ({_ORIGINS[one.best.origin]})",
        ]
        for one in found
    ]
    columns = ["Best besides transfer", "F1", "Model transfer", "Gain"]
    tables.show_table(
        [*columns, "Corpus", "Setting", "Source"],
        rows,
        caption="Projection and model transfer, each study for itself; gain in points of F1.",
        key=f"{PAGE}.standings",
    )
    tables.show_texts(given_note(found), key=f"{PAGE}.given", tone="note")


def _show_all(figures: Sequence[Figure], best: set[Figure]) -> None:
    left, _ = st.columns([2, 3])
    with left:
        sort = choose_one(PAGE, "Sort figures by", "figures", tuple(_SORTS), _SORTS)
    places = {one.group: place for place, one in reversed([*enumerate(figures)])}
    keys = {
        _STUDY: lambda one: (places[one.group], -one.f1),
        _F1: lambda one: (-one.f1,),
        _METHOD: lambda one: (one.method, one.aligner, places[one.group]),
    }
    rows: list[list[tables.Cell]] = [
        [
            one.method,
            one.aligner or "–",
            (percent(one.f1), "best" if one in best else ""),
            *(
                "not given" if share is None else percent(share)
                for share in (one.precision, one.recall)
            ),
            one.group.place,
            one.group.setting,
            f"{one.group.source} ({_ORIGINS[one.origin]})",
        ]
        for one in sorted(figures, key=keys[sort])
    ]
    caption = f"All {len(rows)} figures, in percent; best: within one source, setting and corpus."
    if sort != _STUDY:
        caption += " Rows of different sources or settings must not be ranked against each other."
    with st.container(height=_BOX_PIXELS if len(rows) > _MANY else "content"):
        tables.show_table(
            ["Method", "Aligner", "F1", "Precision", "Recall", "Corpus", "Setting", "Source"],
            rows,
            caption=caption,
            key=f"{PAGE}.figures_table",
        )


def _show_classes(figures: Sequence[Figure]) -> None:
    """Show F1 of each class, where it is known."""
    if not figures:
        tables.show_texts([f"Single classes: {NOT_MEASURED}."], key=f"{PAGE}.no_classes")
        return
    labels = sorted({one.label for one in figures})
    found: dict[tuple[str, ...], dict[str, float]] = {}
    for one in figures:
        key = (one.title, one.group.place, one.group.setting, one.group.source)
        found.setdefault(key, {})[one.label] = one.f1
    rows: list[list[tables.Cell]] = [
        [
            key[0],
            *(percent(scores[label]) if label in scores else NOT_MEASURED for label in labels),
            *key[1:],
        ]
        for key, scores in found.items()
    ]
    tables.show_table(
        ["Method", *labels, "Corpus", "Setting", "Source"],
        rows,
        caption="F1 of each class in percent, where it is known.",
        key=f"{PAGE}.classes",
    )


def _show_questions(language: Language) -> None:
    rows: list[list[tables.Cell]] = [
        [one.model, f"{one.f1:.1f}", f"{one.exact_match:.1f}", one.corpus, one.setting, one.source]
        for one in question_figures()
        if one.language == language.code
    ]
    if rows:
        tables.show_table(
            ["Model", "F1", "Exact match", "Corpus", "Setting", "Source"],
            rows,
            caption="Answers to questions, published, 0 to 100.",
            key=f"{PAGE}.questions",
        )


def _show_alignment(language: Language) -> None:
    rows: list[list[tables.Cell]] = [
        [one.aligner, f"{one.error_rate:.1f}", " – ".join(one.pair), one.setting, one.source]
        for one in alignment_figures()
        if any(is_same_language(code, language.code) for code in one.pair)
    ]
    if rows:
        tables.show_table(
            ["Aligner", "Error rate", "Languages", "Setting", "Source"],
            rows,
            caption="Alignment error rate in percent; lower is better.",
            key=f"{PAGE}.alignment",
        )


def _show_commands(figures: Sequence[Figure]) -> None:
    commands: dict[str, list[str]] = {}
    for one in figures:
        if one.command:
            names = commands.setdefault(one.command, [])
            names += [one.title] if one.title not in names else []
    if not commands:
        return
    with st.expander("How our figures are made again", key=f"{PAGE}.expander.commands"):
        tables.show_table(
            ["Command", "Method"],
            [[command, ", ".join(names)] for command, names in commands.items()],
            caption="FOLDER: a folder of parallel text.",
            key=f"{PAGE}.commands",
        )
