"""Both sentences of a linked view: words, what they belong to, and badges before them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core.explain import entity_letter
from core.linked_text.marks import Marks, decision_of, direction
from core.text.languages import describe_language
from core.text.romanise import romanise_words
from core.types import Projection, Sentence, Span


@dataclass(slots=True)
class _Words:
    """What is drawn on the words of one sentence, by word."""

    styles: dict[int, str] = field(default_factory=dict)
    entities: dict[int, int | None] = field(default_factory=dict)
    starts: set[int] = field(default_factory=set)
    ends: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    gold_styles: dict[int, str] = field(default_factory=dict)
    gold_starts: set[int] = field(default_factory=set)
    lost: set[int] = field(default_factory=set)
    badges: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def add_entity(self, span: Span, style: str, badge: dict[str, Any]) -> None:
        """Colour a span and put a badge before its first word."""
        self.styles.update(dict.fromkeys(range(span.start, span.end), style))
        self.entities.update(dict.fromkeys(range(span.start, span.end), badge["entity"]))
        self.starts.add(span.start)
        self.ends.add(span.end - 1)
        self.add_badge(span.start, {"kind": "projected", **badge})

    def add_gold(self, span: Span, style: str, *, badge: bool) -> None:
        """Underline a gold span; it gets a badge where it was not projected as it is."""
        self.gold_styles.update(dict.fromkeys(range(span.start, span.end), style))
        self.gold_starts.add(span.start)
        if badge:
            told = {"kind": "gold", "text": f"gold {span.label}", "title": "gold entity"}
            self.add_badge(span.start, told)

    def add_badge(self, word: int, badge: dict[str, Any]) -> None:
        """Put a badge before a word, after those that are there."""
        self.badges.setdefault(word, []).append(badge)


def gold_spans(projection: Projection) -> tuple[Span, ...]:
    """Return the gold spans of the target; none where there is no gold annotation."""
    return projection.pair.target.spans if projection.pair.has_gold else ()


def lost_spans(projection: Projection, marks: Marks) -> list[Span]:
    """Return the spans of the stored run that are no longer projected."""
    return [span for span in marks.baseline or () if span not in projection.spans]


def place(span: Span, styles: dict[str, str]) -> dict[str, Any]:
    """Return where a span is, its class and colour."""
    return {
        "start": int(span.start),
        "end": int(span.end),
        "label": span.label,
        "style": styles[span.label],
    }


def span_records(
    projection: Projection, marks: Marks, styles: dict[str, str]
) -> list[dict[str, Any]]:
    """Return the projected spans: entity, score, verdict against gold, and what marks them."""
    gold = gold_spans(projection)
    pins = {(one.entity, one.start, one.end) for one in marks.pins}
    told = []
    for span in projection.spans:
        decision = decision_of(projection, span)
        entity = None if decision is None else int(decision.entity)
        scored = decision is not None and bool(decision.terms)
        told.append(
            {
                **place(span, styles),
                "entity": entity,
                "score": round(float(decision.score), 4) if decision and scored else None,
                "verdict": ""
                if not projection.pair.has_gold
                else ("right" if span in gold else "wrong"),
                "moved": marks.baseline is not None and span not in marks.baseline,
                "pinned": (entity, span.start, span.end) in pins,
            }
        )
    return told


def source_record(
    projection: Projection, marks: Marks, styles: dict[str, str], *, romanised: bool
) -> dict[str, Any]:
    """Return the source sentence with its entities."""
    sentence = projection.pair.source
    pinned = {one.entity for one in marks.pins}
    words = _Words()
    for index, span in enumerate(sentence.spans):
        badge = {
            "text": f"{entity_letter(index)} {span.label}",
            "title": "source entity, pinned" if index in pinned else "source entity",
            "entity": index,
            "pinned": index in pinned,
        }
        words.add_entity(span, styles[span.label], badge)
    note = "" if sentence.words else "there is none"
    return {**_sentence(sentence, words, romanised=romanised), "title": "Source", "note": note}


def target_record(
    projection: Projection,
    marks: Marks,
    styles: dict[str, str],
    spans: Sequence[dict[str, Any]],
    *,
    romanised: bool,
) -> dict[str, Any]:
    """Return the target sentence with projected spans, gold, bans and what the stored run had."""
    words = _Words()
    for span, told in zip(projection.spans, spans, strict=True):
        words.add_entity(span, styles[span.label], _span_badge(told))
        if told["moved"]:
            words.moved.update(range(span.start, span.end))
    for span in gold_spans(projection):
        words.add_gold(span, styles[span.label], badge=span not in projection.spans)
    for span in lost_spans(projection, marks):
        words.lost.update(range(span.start, span.end))
        badge = {"kind": "lost", "text": f"was {span.label}", "title": "in the stored run only"}
        words.add_badge(span.start, badge)
    for ban in marks.bans:
        letter = entity_letter(ban.entity)
        badge = {"kind": "banned", "text": letter, "title": f"{letter} may not be here"}
        words.add_badge(ban.start, {**badge, "entity": ban.entity})
    sentence = _sentence(projection.pair.target, words, romanised=romanised)
    return {**sentence, "title": "Target", "note": _legend(projection, marks)}


def _span_badge(span: dict[str, Any]) -> dict[str, Any]:
    letter = "" if span["entity"] is None else f"{entity_letter(span['entity'])} "
    sign = {"right": " ✓", "wrong": " ✗", "": ""}[span["verdict"]]
    title = {"right": "as in gold", "wrong": "not as in gold", "": "projected"}[span["verdict"]]
    flags = [title]
    flags += ["pinned"] if span["pinned"] else []
    flags += ["not in the stored run"] if span["moved"] else []
    return {
        "text": f"{letter}{span['label']}{sign}",
        "title": ", ".join(flags),
        "entity": span["entity"],
        "pinned": span["pinned"],
        "moved": span["moved"],
    }


def _legend(projection: Projection, marks: Marks) -> str:
    if projection.failure is not None:
        return "not projected: the sentence failed · dashed underline: gold"
    gold = "dashed underline: gold" if projection.pair.has_gold else "no gold annotation"
    what = "projected" if projection.pair.source.words else "found without a source sentence"
    parts = [f"coloured: {what}", gold]
    changed = marks.baseline is not None and projection.spans != marks.baseline
    return " · ".join([*parts, *(["ring: changed against the stored run"] if changed else [])])


def _sentence(sentence: Sentence, words: _Words, *, romanised: bool) -> dict[str, Any]:
    drawn = []
    previous = 0
    readings = (
        romanise_words(sentence.words, sentence.language)
        if romanised
        else ("",) * len(sentence.words)
    )
    for index, (start, end) in enumerate(sentence.char_offsets):
        drawn.append(
            {
                "text": sentence.words[index],
                "gap": sentence.text[previous:start] if index else "",
                "roman": readings[index],
                "style": words.styles.get(index, ""),
                "entity": words.entities.get(index),
                "first": index in words.starts,
                "last": index in words.ends,
                "moved": index in words.moved,
                "gold": words.gold_styles.get(index, ""),
                "gold_first": index in words.gold_starts,
                "lost": index in words.lost,
                "badges": words.badges.get(index, []),
            }
        )
        previous = end
    return {
        "words": drawn,
        "language": sentence.language,
        "language_name": describe_language(sentence.language),
        "direction": direction(sentence.language),
    }
