"""Tag schemes ↔ spans.

Paper: Ramshaw and Marcus 1995 (IOB1), Tjong Kim Sang and Veenstra 1999 (IOB2, IOE, BIOES variants).
Departs: none; where a sequence breaks its scheme the reading is the one of the CoNLL evaluation
script (an I- after another class or after O opens a new span), or an error with `strict`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from core.errors import DataError
from core.types import Sentence, Span

Scheme = Literal["iob2", "iob1", "bioes"]

_PREFIXES: dict[Scheme, frozenset[str]] = {
    "iob2": frozenset("BI"),
    "iob1": frozenset("BI"),
    "bioes": frozenset("BIESLU"),
}
_SINGLE, _LAST = frozenset("SU"), frozenset("EL")


def split_tag(tag: str) -> tuple[str, str]:
    """Split `B-PER` into prefix and label; `O` gives an empty label.

    Raises:
        DataError: the tag is neither `O` nor `PREFIX-LABEL` (code bad-annotation).
    """
    if tag == "O":
        return "O", ""
    prefix, dash, label = tag.partition("-")
    if len(prefix) == 1 and prefix in "BIESLU" and dash and label:
        return prefix, label
    raise DataError(
        f"a tag must be O or PREFIX-LABEL with a prefix of BIES (or BILU), got {tag!r}",
        code="bad-annotation",
    )


def tag_names(sentences: Sequence[Sentence]) -> tuple[str, ...]:
    """Return O and both IOB2 tags of every class that occurs, sorted by class."""
    classes = sorted({span.label for sentence in sentences for span in sentence.spans})
    return ("O", *(f"{prefix}-{name}" for name in classes for prefix in "BI"))


def detect_scheme(sentences: Sequence[Sequence[str]]) -> Scheme:
    """Guess the scheme of tagged sentences.

    Any of E S L U means BIOES (or BILUO). Otherwise an `I-` that opens a span (after O, after
    another class, or first) means IOB1, where `B-` only separates touching spans of one class.
    """
    opens_inside = False
    for tags in sentences:
        previous = ""
        for tag in tags:
            prefix, label = split_tag(tag)
            if prefix in "ESLU":
                return "bioes"
            opens_inside = opens_inside or (prefix == "I" and label != previous)
            previous = label
    return "iob1" if opens_inside else "iob2"


def spans_from_tags(
    tags: Sequence[str], *, scheme: Scheme = "iob2", strict: bool = False
) -> tuple[Span, ...]:
    """Read spans from one sentence's tags.

    Args:
        tags: one tag a word.
        scheme: how to read them; BILUO counts as BIOES.
        strict: raise where the sequence breaks the scheme instead of opening a new span.

    Returns:
        Spans in order, disjoint.

    Raises:
        DataError: a malformed tag, a prefix the scheme does not have, or with `strict` a sequence
            that breaks the scheme (code bad-annotation).
    """
    spans: list[Span] = []
    start, current = 0, ""
    closed = True  # the previous tag ended its span
    for index, tag in enumerate(tags):
        prefix, label = split_tag(tag)
        if prefix != "O" and prefix not in _PREFIXES[scheme]:
            raise DataError(
                f"{scheme} has no prefix {prefix!r} (word {index})", code="bad-annotation"
            )
        continues = prefix in "IEL" and label == current and not closed
        if strict and prefix in "IEL" and not continues and scheme != "iob1":
            raise DataError(
                f"{tag!r} must follow B-{label} or I-{label} (word {index})", code="bad-annotation"
            )
        if current and not continues:
            spans.append(Span(start, index, current))
        if not continues:
            start, current = index, label
        closed = prefix in _SINGLE or prefix in _LAST or prefix == "O"
    if current:
        spans.append(Span(start, len(tags), current))
    return tuple(spans)


def tags_from_spans(spans: Sequence[Span], length: int, *, scheme: Scheme = "iob2") -> list[str]:
    """Write spans as tags.

    Args:
        spans: disjoint spans, any order.
        length: number of words.
        scheme: the tag scheme to write.

    Returns:
        One tag a word.

    Raises:
        DataError: spans overlap or leave the sentence (code bad-annotation).
    """
    tags = ["O"] * length
    previous: Span | None = None
    for span in sorted(spans):
        if span.end > length or (previous is not None and previous.end > span.start):
            raise DataError(
                f"spans must be disjoint and inside {length} words, got {span}",
                code="bad-annotation",
            )
        touches = previous is not None and (previous.end, previous.label) == (
            span.start,
            span.label,
        )
        tags[span.start : span.end] = _tags_of_span(span, scheme, separate=touches)
        previous = span
    return tags


def _tags_of_span(span: Span, scheme: Scheme, *, separate: bool) -> list[str]:
    inside = [f"I-{span.label}"] * len(span)
    if scheme == "iob1" and not separate:
        return inside
    if scheme == "bioes":
        if len(span) == 1:
            return [f"S-{span.label}"]
        inside[-1] = f"E-{span.label}"
    return [f"B-{span.label}", *inside[1:]]
