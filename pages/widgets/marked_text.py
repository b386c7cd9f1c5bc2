"""A sentence with its entities marked, as plain HTML: many of them make a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from core.text.words import base_language
from core.types import Sentence, Span

# Keeps a badge on the line of the word behind it; like the badge it is not copied.
_JOINER = "\u2060"
# Their lines may end before any word: before a mark too, and not between its edge and its badge.
_WITHOUT_SPACES = frozenset({"zh", "ja", "th", "lo", "km", "my"})


@dataclass(frozen=True, slots=True)
class Mark:
    """How one entity is drawn: its colour, and what its badge says; an empty one is left out."""

    span: Span
    style: str
    badge: str


def show_marked(
    sentence: Sentence, marks: Sequence[Mark], *, direction: str, key: str, below: str = ""
) -> None:
    """Show a sentence with coloured entities.

    Args:
        sentence: what to show; its text is escaped and stays text.
        marks: entities in order, disjoint.
        direction: of its text, as HTML's `dir` has it.
        key: key of the container around it.
        below: HTML of a second line, from `second_line`.
    """
    with st.container(key=key):
        st.html(
            f'<div class="sb-marked"><p lang="{escape(sentence.language)}" dir="{direction}">'
            f"{_marked_html(sentence, marks)}</p>{below}</div>"
        )


def _marked_html(sentence: Sentence, marks: Sequence[Mark]) -> str:
    pieces: list[str] = []
    position = 0
    stop = "<wbr>" if base_language(sentence.language) in _WITHOUT_SPACES else ""
    for mark in marks:
        start = sentence.char_offsets[mark.span.start][0]
        end = sentence.char_offsets[mark.span.end - 1][1]
        pieces += [
            escape(sentence.text[position:start]),
            f'{stop}<mark class="sb-entity" data-style="{mark.style}">',
            f'<span class="sb-badge" dir="ltr">{_JOINER}{escape(mark.badge)}{_JOINER}</span>'
            if mark.badge
            else "",
            f"{escape(sentence.text[start:end])}</mark>",
        ]
        position = end
    return "".join([*pieces, escape(sentence.text[position:])])


def second_line(text: str, attributes: Mapping[str, str], *, tone: str) -> str:
    """Return a line below the sentence as HTML.

    Args:
        text: what it says, escaped here.
        attributes: such as `lang` and `dir`.
        tone: `translation` or `failed`.
    """
    given = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f'<p class="sb-{tone}"{given}>{escape(text)}</p>'
