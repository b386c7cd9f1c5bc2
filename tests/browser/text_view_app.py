"""The text view on hand-made projections, without a model; it tells every event as text.

The address says what to show: `case` is one of CASES, `editable=0` only reads. Links, pins and the
selection are carried out, the rest is only told.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from core.explain import typed_pair
from core.linked_text import Marks
from core.types import (
    Alignment,
    Candidate,
    Decision,
    EntityCandidate,
    Link,
    Projection,
    ScoreMatrix,
    SentencePair,
    Span,
    Trace,
)
from pages.widgets import charts
from pages.widgets.text_view import show_pair
from tests.browser.driving import INJECTION

LONG = "[LOC Berlin] is near water . " * 60
CASES = {
    "plain": (
        "[PER Maria Weber] met [ORG Siemens] in [LOC Berlin] .",
        "In [LOC Berlin] traf [PER Maria Weber] die [ORG Siemens AG] .",
        "en", "de", "0-3 1-4 2-2 3-6 4-0 5-1 6-8",
    ),
    "arabic": (
        "[PER Maria Weber] visited [LOC Cairo] with Bank of China .",
        "زارت [PER ماريا ويبر] [LOC القاهرة] مع Bank of China .",
        "en", "ar", "0-1 1-2 2-0 3-3 4-4 5-5 6-6 7-7 8-8",
    ),
    "chinese": (
        "[PER Guterres] visited [LOC Shanghai] 😀 .",
        "[PER 古特雷斯] 访问了 [LOC 上海] 😀 。",
        "en", "zh", "0-0 0-1 0-2 0-3 1-4 1-5 2-7 2-8 3-9 4-10",
    ),
    "hindi": (
        "[PER Ada Lovelace] lived in [LOC London] .",
        "[PER एडा लवलेस] [LOC लंदन] में रहती थीं ।",
        "en", "hi", "0-0 1-1 4-2 3-3 2-4 5-6",
    ),
    "injection": (
        f"[PER Ada] wrote {INJECTION}", f"[PER Ada] schrieb {INJECTION}", "en", "de", "0-0 1-1",
    ),
    "long": (LONG, LONG, "en", "de", " ".join(f"{n}-{n}" for n in range(300))),
}  # fmt: skip


def links_of(text: str) -> tuple[Link, ...]:
    ends = (one.split("-") for one in text.split())
    return tuple(sorted(Link(int(source), int(target)) for source, target in ends))


def projected(pair: SentencePair, links: tuple[Link, ...]) -> Projection:
    """Project every entity to the n-th gold span of its class, and make up scores."""
    words = len(pair.target.words)
    entities = pair.source.spans
    candidates = [Candidate(span.start, span.end, ("aligned",)) for span in pair.target.spans]
    candidates += [Candidate(start, start + 1, ("ngram",)) for start in range(min(words, 12))]
    total = np.zeros((len(entities), len(candidates)))
    decisions = []
    free = list(range(len(pair.target.spans)))
    for index, entity in enumerate(entities):
        place = next((p for p in free if pair.target.spans[p].label == entity.label), None)
        if place is None:
            decisions.append(Decision(index, None, "no-candidate"))
            continue
        free.remove(place)
        total[index, place] = 1.5
        total[index, -3:] = (0.2, 0.5, 0.9)
        decisions.append(
            Decision(
                index, candidates[place], "chosen", 1.5, {"emb": 1.5}, candidates[-1], 0.9, 0.6
            )
        )
    spans = tuple(
        sorted(
            Span(d.candidate.start, d.candidate.end, entities[d.entity].label)
            for d in decisions
            if d.candidate is not None
        )
    )
    similarity = np.full((len(pair.source.words), words), 0.25, np.float32)
    for link in links:
        similarity[link.source, link.target] = 0.9
    trace = Trace(
        alignment=Alignment(links, similarity),
        candidates=tuple(candidates),
        scores=ScoreMatrix({"emb": total}, {"emb": 1.0}, total),
    )
    return Projection(pair, "hand", spans, tuple(decisions), trace)


def marks_of(events: list[dict[str, Any]], own: tuple[Link, ...]) -> Marks:
    """Carry out links, pins, bans and the selection."""
    marks = Marks()
    ends = {(link.source, link.target) for link in own}
    toggled: dict[tuple[int, int], Link] = {}
    for event in events:
        if event["kind"] == "link":
            place = (event["source"], event["target"])
            if toggled.pop(place, None) is None:
                toggled[place] = Link(*place)
        elif event["kind"] == "select":
            marks = replace(marks, selected=event["entity"])
        elif event["kind"] in ("pin", "ban", "free"):
            at = EntityCandidate(event["entity"], event["start"], event["end"])
            pins = [one for one in marks.pins if one != at]
            bans = [one for one in marks.bans if one != at]
            pins += [at] if event["kind"] == "pin" else []
            bans += [at] if event["kind"] == "ban" else []
            marks = replace(marks, pins=tuple(pins), bans=tuple(bans))
    return replace(
        marks,
        added=tuple(link for place, link in toggled.items() if place not in ends),
        removed=tuple(link for place, link in toggled.items() if place in ends),
    )


def main() -> None:
    case = st.query_params.get("case", "plain")
    editable = st.query_params.get("editable", "1") == "1"
    source, target, source_language, target_language, given = CASES[case]
    pair = typed_pair(source, target, source_language, target_language)
    events: list[dict[str, Any]] = st.session_state.setdefault("events", [])
    own = links_of(given)
    marks = marks_of(events, own)
    links = tuple(sorted(link for link in {*own, *marks.added} if link not in marks.removed))
    projection = projected(pair, links)
    if st.query_params.get("baseline"):
        marks = replace(marks, baseline=(Span(1, 3, "LOC"), *projection.spans[1:]))
    if st.toggle("Show the text", value=True, key="test.shown"):
        show_pair(
            projection,
            key="test.text",
            marks=marks,
            editable=editable,
            can_undo=bool(events),
            can_redo=bool(events),
            matrix_key="test.matrix" if case != "long" else "",
            on_event=events.append if editable else None,
        )
    st.text_input("A box of its own", key="test.box")
    st.button("Again", key="test.again")
    with st.container(key="test.events"):
        st.text("\n".join(str(event) for event in events) or "no event")
    if case != "long":
        charts.show_links(projection, key="test.matrix")


if __name__ == "__main__":
    main()
