"""A sentence pair with its entities, links and candidates as plain data, ready to be drawn.

The browser draws what it is told here and decides nothing about entities by itself. Whoever draws
without scripts finds on every word what it belongs to.
"""

from __future__ import annotations

from typing import Any

from core.explain import entity_letter
from core.linked_text.candidates import candidate_records
from core.linked_text.labels import chart_label
from core.linked_text.marks import Marks, class_styles, decision_of, direction
from core.linked_text.sentences import (
    gold_spans,
    lost_spans,
    place,
    source_record,
    span_records,
    target_record,
)
from core.types import EntityCandidate, Projection

__all__ = [
    "EDIT_SCRIPTS",
    "STYLE",
    "VIEW_SCRIPTS",
    "Marks",
    "chart_label",
    "class_styles",
    "decision_of",
    "direction",
    "linked_text_data",
]

# Files of assets/, in the order in which they make one script. The first are enough to look:
# `new LinkedText(root, data)`, and for candidates `view.add(new CandidateRow(view))`.
VIEW_SCRIPTS = ("linked_text_parts.js", "linked_text.js", "linked_text_candidates.js")
EDIT_SCRIPTS = (
    "linked_text_popups.js",
    "linked_text_menus.js",
    "linked_text_edit.js",
    "linked_text_matrix.js",
)
STYLE = "linked_text.css"
# With more words on a side, lines are drawn for what is pointed at only.
_LONG = 45
_USUAL_CLASSES = ("PER", "LOC", "ORG", "MISC")


def linked_text_data(
    projection: Projection,
    marks: Marks = Marks(),  # noqa: B008, a frozen value
    *,
    candidates_per_entity: int = 8,
    romanised: bool = True,
) -> dict[str, Any]:
    """Return all that a linked view draws, ready for JSON.

    Args:
        projection: what to show; one that failed shows its source entities and gold only.
        marks: what is drawn beyond it.
        candidates_per_entity: about how many; those that were chosen, came second, are pinned or
            banned are always among them.
        romanised: whether words get a reading in Latin letters.

    Returns:
        `source` and `target` (a word: `text`, `gap` before it, `roman`, and what it belongs to),
        `entities` of the source, projected `spans`, `gold`, `lost` spans of the baseline, `links`,
        `removed` links, `candidates` an entity, `pins`, `bans`, `selected`, `classes`, `long`.
    """
    pair = projection.pair
    baseline = marks.baseline or ()
    labels = {
        span.label
        for span in (*pair.source.spans, *pair.target.spans, *projection.spans, *baseline)
    }
    styles = class_styles(labels)
    spans = span_records(projection, marks, styles)
    selected = marks.selected
    known = selected is not None and 0 <= selected < len(pair.source.spans)
    return {
        "source": source_record(projection, marks, styles, romanised=romanised),
        "target": target_record(projection, marks, styles, spans, romanised=romanised),
        "entities": [
            {
                "letter": entity_letter(index),
                "text": pair.source.text_of(span),
                **place(span, styles),
            }
            for index, span in enumerate(pair.source.spans)
        ],
        "spans": spans,
        "gold": [place(span, styles) for span in gold_spans(projection)],
        "lost": [place(span, styles) for span in lost_spans(projection, marks)],
        "links": _links(projection, marks),
        "removed": [
            {"source": int(link.source), "target": int(link.target)} for link in marks.removed
        ],
        "candidates": candidate_records(projection, marks, most=candidates_per_entity),
        "pins": [_constraint(one) for one in marks.pins],
        "bans": [_constraint(one) for one in marks.bans],
        "selected": selected if known else None,
        "classes": [
            {"label": label, "style": styles[label]}
            for label in dict.fromkeys((*_USUAL_CLASSES, *sorted(labels)))
        ],
        "long": max(len(pair.source.words), len(pair.target.words)) > _LONG,
    }


def _constraint(one: EntityCandidate) -> dict[str, int]:
    return {"entity": int(one.entity), "start": int(one.start), "end": int(one.end)}


def _links(projection: Projection, marks: Marks) -> list[dict[str, Any]]:
    alignment = projection.trace.alignment
    similarity = None if alignment is None else alignment.similarity
    added = {(link.source, link.target) for link in marks.added}
    removed = {(link.source, link.target) for link in marks.removed}
    links = {
        (link.source, link.target): link
        for link in (*marks.added, *(() if alignment is None else alignment.links))
    }
    return [
        {
            "source": int(source),
            "target": int(target),
            "sure": link.sure,
            "similarity": None
            if similarity is None
            else round(float(similarity[source, target]), 4),
            "added": (source, target) in added,
        }
        for (source, target), link in sorted(links.items())
        if (source, target) not in removed
    ]
