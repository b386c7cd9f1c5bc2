"""The demo capsule: sentence pairs with every step of their projection, as one HTML file.

It opens from disk, needs no network, and is complete without scripts; with them, pointing at a word
lights what it is linked to. It is made for other people's browsers, so nothing that comes from a
corpus may ever run in it: all text is escaped, and a Content-Security-Policy allows the scripts and
styles in it by their hashes and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path

from core.capsule.credits import UROMAN, About, Credit, about_run
from core.capsule.item import OUTCOMES, CapsuleItem, item_section, live_link, outcome_chip
from core.capsule.markup import Html, content_hash, join, json_for_script, table, tag, text
from core.capsule.packing import pack
from core.capsule.static import has_readings
from core.explain import sentence_status
from core.linked_text import STYLE, VIEW_SCRIPTS, linked_text_data

__all__ = ["About", "CapsuleItem", "Credit", "about_run", "render_capsule"]

_ASSETS = Path(__file__).parents[2] / "assets"
_SNIPPET = 100
# From here on a browser lays out what is far from the window only when it comes near.
_MANY = 20
# The best ones an entity; the app has them all.
_CANDIDATES = 5


def render_capsule(
    items: Sequence[CapsuleItem], *, title: str, note: str = "", about: About
) -> str:
    """Return a capsule as an HTML document; the same input gives the same bytes.

    Args:
        items: what to show, at least one.
        title: of the document.
        note: what the user has to say of it; may be empty.
        about: method, versions, licences, date, address.

    Raises:
        ValueError: there are no items.
    """
    if not items:
        raise ValueError("a capsule must have at least one sentence pair, got none")
    data = [linked_text_data(item.projection, candidates_per_entity=_CANDIDATES) for item in items]
    alone = len(items) == 1
    sections = (
        item_section(item, number, one, alone=alone)
        for number, (item, one) in enumerate(zip(items, data, strict=True), start=1)
    )
    body = [
        _header(items, title, note, about),
        Html() if alone else _contents(items),
        tag("main", *sections, class_="many" if len(items) > _MANY else None),
        _footer(about, read=any(map(has_readings, data))),
        tag("script", json_for_script(pack(data)), type="application/json", id="capsule-data"),
    ]
    document = _document(title, body)
    # A lone half of a surrogate pair cannot be written as UTF-8.
    return document.encode("utf-8", "replace").decode("utf-8")


@cache
def _asset(name: str) -> Html:
    """Return one of our own files. Browsers hash scripts after they made line ends one LF."""
    return Html((_ASSETS / name).read_text(encoding="utf-8").replace("\r\n", "\n"))


def _document(title: str, body: Sequence[Html]) -> str:
    style, linked_style = _asset("capsule.css"), _asset(STYLE)
    script = Html("\n".join(_asset(name) for name in (*VIEW_SCRIPTS, "capsule.js")))
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
        f"script-src {content_hash(script)}; "
        f"style-src {content_hash(style)} {content_hash(linked_style)}"
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", Html(escape(title))),
        tag("style", style),
    )
    # The linked view lives in a shadow tree, where this style is copied to.
    template = tag("template", tag("style", linked_style), id="linked-style")
    page = tag("body", *body, template, tag("script", script))
    return f"<!DOCTYPE html>\n{tag('html', head, page, lang='en')}\n"


def _header(items: Sequence[CapsuleItem], title: str, note: str, about: About) -> Html:
    lines = (line for line in note.splitlines() if line.strip())
    return tag(
        "header",
        tag("p", "Spanbridge · annotation projection", class_="brand"),
        tag("h1", title, dir="auto"),
        tag("div", *(tag("p", line, dir="auto") for line in lines), class_="note"),
        _summary(items, about),
        live_link(about.address),
        class_="page-head",
    )


def _summary(items: Sequence[CapsuleItem], about: About) -> Html:
    counts = Counter(sentence_status(item.projection) for item in items)
    entities = sum(len(item.projection.spans) for item in items if item.projection.failure is None)
    facts = [
        ("Sentences", str(len(items))),
        ("Projected entities", str(entities)),
        *((OUTCOMES[one][1].capitalize(), str(counts[one])) for one in OUTCOMES if counts[one]),
        ("Made", about.date),
    ]
    return tag(
        "dl",
        *(tag("div", tag("dt", name), tag("dd", value)) for name, value in facts),
        class_="facts",
    )


def _contents(items: Sequence[CapsuleItem]) -> Html:
    entries = []
    for number, item in enumerate(items, start=1):
        pair = item.projection.pair
        sentence = pair.source if pair.source.words else pair.target
        cut = sentence.text[:_SNIPPET] + "…" * (len(sentence.text) > _SNIPPET)
        link = tag("a", cut, href=f"#s{number}", lang=sentence.language, dir="auto")
        entries.append(tag("li", link, outcome_chip(item.projection)))
    return tag(
        "nav", tag("h2", "Contents"), tag("ol", *entries), class_="contents", aria_label="Contents"
    )


def _footer(about: About, *, read: bool) -> Html:
    """Return what the content depends on; `read` tells whether words have readings."""
    given = (*about.credits, UROMAN) if read else about.credits
    credits_rows = [[text(one.role), text(one.name), text(one.licence)] for one in given]
    versions = join((f"{name} {number}" for name, number in about.versions.items()), " · ")
    parts: list[Html] = [
        tag("h2", "What this depends on"),
        tag("p", "Method and corpus: ", tag("code", about.signature)),
    ]
    if about.versions:
        parts.append(tag("p", "Versions: ", versions))
    if credits_rows:
        caption = "Where it comes from, and its licences."
        parts.append(table(["What for", "What", "Licence"], credits_rows, caption=caption))
    return tag("footer", *parts, tag("p", f"Made with Spanbridge on {about.date}."))
