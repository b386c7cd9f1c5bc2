"""The table of languages as one HTML file, to print or to send; no network is needed."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from core.capsule.markup import Html, content_hash, foreign, table, tag, text
from core.figures import Listed, Standing
from core.figures.listing import NOT_MEASURED, percent, points

_STYLE = Path(__file__).parents[2] / "assets" / "capsule.css"
# A table is wider than it is high, and its columns are as narrow as whole words.
_SHEET = "@page { size: landscape; } @media print { th, td { overflow-wrap: normal; } }"
# Few enough for a sheet of paper; the CSV has all there is.
_COLUMNS = (
    "Language",
    "Own name",
    "Script",
    "Family",
    "Resources",
    "Published F1",
    "Best method, corpus, study",
    "Model transfer",
    "Gain",
    "Our F1",
    "Best method, corpus, study",
)


def render_language_table(listed: Sequence[Listed], *, title: str, note: str, date: str) -> str:
    """Return languages and where they stand as an HTML document.

    Args:
        listed: in the order to show.
        title: of the document.
        note: which languages and studies these are.
        date: when it is made, as a reader shall see it.
    """
    style = Html(_STYLE.read_text(encoding="utf-8").replace("\r\n", "\n") + _SHEET)
    policy = f"default-src 'none'; base-uri 'none'; style-src {content_hash(style)}"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", Html(escape(title))),
        tag("style", style),
    )
    caption = f"{len(listed)} languages; F1 in percent, gain over model transfer in points."
    body = tag(
        "body",
        tag(
            "header",
            tag("p", "Spanbridge · annotation projection", class_="brand"),
            tag("h1", title),
            tag("div", tag("p", note), class_="note"),
            class_="page-head",
        ),
        tag("main", table(_COLUMNS, [*map(_row, listed)], caption=caption)),
        tag("footer", tag("p", f"Made with Spanbridge on {date}.")),
    )
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}\n"


def _row(one: Listed) -> list[Html]:
    """Return the cells of a language; its own name keeps its direction."""
    language = one.language
    transfer = one.published[0].transfer if one.published else None
    gain = one.published[0].gain if one.published else None
    return [
        text(f"{language.name} ({language.code})"),
        foreign(language.endonym, language.code, language.direction),
        text(language.script),
        text(language.family),
        text("?" if language.resources is None else str(language.resources)),
        *_best(one.published),
        text(NOT_MEASURED if transfer is None else percent(transfer.f1)),
        text(points(gain)),
        *_best(one.measured),
    ]


def _best(found: Sequence[Standing]) -> list[Html]:
    """Return F1, and what it was measured with, on and by whom."""
    if not found:
        return [text(NOT_MEASURED), Html()]
    first = found[0]
    how = f"{first.best.title}; {first.group.place}; {first.group.study}"
    return [text(percent(first.best.f1)), text(how)]
