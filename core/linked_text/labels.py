"""Texts as labels of a chart, whose library reads a little HTML and knows no direction."""

from __future__ import annotations

from html import escape

# Unicode marks that keep a right-to-left word from reordering what stands beside it.
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


def chart_label(text: str, longest: int = 26) -> str:
    """Return a text as the label of a row, column or line: cut, escaped, in its own direction.

    Args:
        text: of any script.
        longest: letters it may have.
    """
    cut = text if len(text) <= longest else f"{text[: longest - 1]}…"
    return f"{_ISOLATE}{escape(cut)}{_END_ISOLATE}"
