"""HTML in which no text is ever markup.

Everything is put together by `tag` and `text`: what is not `Html` is escaped, so that a forgotten
`escape` cannot happen, and the type checker tells the two apart.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

_QUOTED = re.compile("“([^“”]*)”")
# Ends a script element, begins a comment or an entity, or ends a line of a script.
_RISKY = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
_EMPTY_ELEMENTS = frozenset({"meta", "link", "br", "hr"})


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def text(value: str) -> Html:
    """Escape a text; text inside “ ” keeps its own direction."""
    return Html(_QUOTED.sub(r"“<bdi>\1</bdi>”", escape(value)))


def join(parts: Iterable[str], between: str = "") -> Html:
    """Put pieces one after another; those that are not markup are escaped."""
    return Html(between.join(one if isinstance(one, Html) else text(one) for one in parts))


def tag(name: str, /, *children: str, **attributes: str | bool | None) -> Html:
    """Make an element.

    Args:
        name: of the element.
        children: what is in it; text is escaped.
        attributes: an underscore at the end is dropped and one inside becomes a dash (`class_`,
            `aria_label`); False and None leave the attribute out, True gives it no value.

    >>> tag("p", "1 < 2", class_="x", hidden=False)
    '<p class="x">1 &lt; 2</p>'
    """
    given = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(value)}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in _EMPTY_ELEMENTS:
        return Html(f"<{name}{given}>")
    return Html(f"<{name}{given}>{join(children)}</{name}>")


def table(
    columns: Sequence[str], rows: Sequence[Sequence[Html | float | None]], *, caption: str
) -> Html:
    """Make a table that scrolls by itself where the window is narrow.

    Args:
        columns: headings.
        rows: cells made with `cell`; numbers get two decimals, None an empty cell.
        caption: what the table shows.
    """
    numeric = [
        any(isinstance(row[place], int | float) for row in rows) for place in range(len(columns))
    ]
    head = join(
        tag("th", column, scope="col", class_="number" if number else None)
        for column, number in zip(columns, numeric, strict=True)
    )
    body = join(tag("tr", *map(_data_cell, row)) for row in rows)
    return tag(
        "div",
        tag("table", tag("caption", caption), tag("thead", tag("tr", head)), tag("tbody", body)),
        class_="scroll",
        tabindex="0",  # so that it can be scrolled with the keyboard
        role="region",
        aria_label=caption,
    )


def _data_cell(value: Html | float | None) -> Html:
    if value is None:
        return tag("td")
    if isinstance(value, Html):
        return tag("td", value)
    told = f"{value:.2f}".replace("-", "−") if isinstance(value, float) else str(value)
    return tag("td", told, class_="number")


def foreign(value: str, language: str, direction: str) -> Html:
    """Return a text of some language, isolated from the direction of what is around it."""
    return tag("bdi", Html(escape(value)), lang=language, dir=direction)


def json_for_script(value: Any) -> Html:
    """Write data as JSON that can stand in a script element: no sign in it can end that."""
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Html(plain.translate(_RISKY))


def content_hash(content: str) -> str:
    """Return what a Content-Security-Policy calls an inline script or style."""
    return f"'sha256-{b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
