"""A sentence pair with its entities and word links, as one component of the browser."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from core.explain import entity_letter
from core.text.words import base_language
from core.types import Decision, Projection, Sentence, SentencePair, Span

_ASSETS = Path(__file__).parents[2] / "assets"
# With more words on a side, lines are drawn for the word under the pointer only.
_LONG = 45
# The component has colours s0 to s7.
_STYLES = 8
_FIXED_STYLES = {"PER": 0, "LOC": 1, "ORG": 2, "MISC": 3, "DATE": 4}
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "ur", "ps", "ckb", "sd", "ug", "he", "yi", "dv"})
_HELP = (
    "Point at a word to see its links; click to hold it. With the keyboard: Tab, arrow keys, Enter."
)
_NO_LINKS_HELP = "There are no word links."


@cache
def _component() -> Any:
    return st.components.v2.component(
        "spanbridge_text_view",
        css=(_ASSETS / "text_view.css").read_text(encoding="utf-8"),
        js=(_ASSETS / "text_view.js").read_text(encoding="utf-8"),
    )


@dataclass(slots=True)
class _Marks:
    """What is drawn on the words of one sentence: entities, gold, badges by word."""

    style_of: dict[int, str] = field(default_factory=dict)
    gold_of: dict[int, str] = field(default_factory=dict)
    starts: set[int] = field(default_factory=set)
    ends: set[int] = field(default_factory=set)
    gold_starts: set[int] = field(default_factory=set)
    badges: dict[int, list[dict[str, str]]] = field(default_factory=dict)

    def add_entity(self, span: Span, style: str, badge: str, title: str) -> None:
        """Colour a span and put a badge before its first word."""
        self.style_of.update(dict.fromkeys(range(span.start, span.end), style))
        self.starts.add(span.start)
        self.ends.add(span.end - 1)
        self._add_badge(span.start, "projected", badge, title)

    def add_gold(self, span: Span, style: str, *, badge: bool) -> None:
        """Underline a gold span; it gets a badge where it was not projected as it is."""
        self.gold_of.update(dict.fromkeys(range(span.start, span.end), style))
        self.gold_starts.add(span.start)
        if badge:
            self._add_badge(span.start, "gold", f"gold {span.label}", "gold entity")

    def _add_badge(self, word: int, kind: str, text: str, title: str) -> None:
        badge = {"kind": kind, "text": text, "title": title}
        self.badges.setdefault(word, []).append(badge)


def class_styles(labels: Iterable[str]) -> dict[str, str]:
    """Give every entity class a colour, the usual classes always the same one."""
    others = sorted({label for label in labels if label not in _FIXED_STYLES})
    places = {**_FIXED_STYLES}
    for index, label in enumerate(others):
        places[label] = (len(_FIXED_STYLES) + index) % _STYLES
    return {label: f"s{place}" for label, place in places.items()}


def direction(language: str) -> str:
    """Return the direction of a language's text, as HTML's `dir` has it."""
    return "rtl" if base_language(language) in _RIGHT_TO_LEFT else "auto"


def show_pair(projection: Projection, *, key: str) -> None:
    """Show both sentences with entities, gold and links.

    Args:
        projection: what to show; one that failed shows its source entities and gold only.
        key: widget key.
    """
    _component()(key=key, data=pair_data(projection), height="content")


def pair_data(projection: Projection) -> dict[str, Any]:
    """Return what the component draws, as plain data."""
    pair = projection.pair
    styles = class_styles(
        span.label for span in (*pair.source.spans, *pair.target.spans, *projection.spans)
    )
    source = _Marks()
    for index, span in enumerate(pair.source.spans):
        letter = entity_letter(index)
        source.add_entity(span, styles[span.label], f"{letter} {span.label}", "source entity")
    target = _target_marks(projection, styles)
    return {
        "source": {**_sentence(pair.source, source), "title": "Source", "note": _source_note(pair)},
        "target": {
            **_sentence(pair.target, target),
            "title": "Target",
            "note": _legend(projection),
        },
        "links": _links(projection, source),
        "long": max(len(pair.source.words), len(pair.target.words)) > _LONG,
        "help": _HELP if projection.trace.alignment else _NO_LINKS_HELP,
    }


def _source_note(pair: SentencePair) -> str:
    return "" if pair.source.words else "there is none"


def _target_marks(projection: Projection, styles: dict[str, str]) -> _Marks:
    marks = _Marks()
    gold = projection.pair.target.spans if projection.pair.has_gold else ()
    for span in projection.spans:
        decision = decision_of(projection, span)
        letter = "" if decision is None else f"{entity_letter(decision.entity)} "
        verdict = "" if not projection.pair.has_gold else " ✓" if span in gold else " ✗"
        title = {"": "projected", " ✓": "as in gold", " ✗": "not as in gold"}[verdict]
        marks.add_entity(span, styles[span.label], f"{letter}{span.label}{verdict}", title)
    for span in gold:
        marks.add_gold(span, styles[span.label], badge=span not in projection.spans)
    return marks


def decision_of(projection: Projection, span: Span) -> Decision | None:
    """Return the decision that a projected span came from, if any."""
    return next(
        (
            decision
            for decision in projection.decisions
            if decision.candidate is not None
            and (decision.candidate.start, decision.candidate.end) == (span.start, span.end)
        ),
        None,
    )


def _legend(projection: Projection) -> str:
    if projection.failure is not None:
        return "not projected: the sentence failed · dashed underline: gold"
    gold = "dashed underline: gold" if projection.pair.has_gold else "no gold annotation"
    what = "projected" if projection.pair.source.words else "found without a source sentence"
    return f"coloured: {what} · {gold}"


def _sentence(sentence: Sentence, marks: _Marks) -> dict[str, Any]:
    words = []
    previous = 0
    for index, (start, end) in enumerate(sentence.char_offsets):
        words.append(
            {
                "text": sentence.words[index],
                "gap": sentence.text[previous:start] if index else "",
                "style": marks.style_of.get(index, ""),
                "gold": marks.gold_of.get(index, ""),
                "first": index in marks.starts,
                "last": index in marks.ends,
                "gold_first": index in marks.gold_starts,
                "badges": marks.badges.get(index, []),
            }
        )
        previous = end
    return {
        "words": words,
        "language": sentence.language,
        "direction": direction(sentence.language),
    }


def _links(projection: Projection, source: _Marks) -> list[dict[str, Any]]:
    alignment = projection.trace.alignment
    if alignment is None:
        return []
    similarity = alignment.similarity
    return [
        {
            "source": int(link.source),
            "target": int(link.target),
            "sure": link.sure,
            "similarity": None
            if similarity is None
            else round(float(similarity[link.source, link.target]), 4),
            "style": source.style_of.get(link.source, ""),
        }
        for link in alignment.links
    ]
