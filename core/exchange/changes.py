"""Comparing what another tool sees with what was meant."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from core.corpora import Kept
from core.exchange.checks import Reread, Seen, SeenSpan, expected
from core.exchange.values import ChangedPart, SpanChange
from core.types import Sentence


def compare(
    sentences: Sequence[tuple[int, Sentence]], found: Reread, *, keeps: Collection[Kept]
) -> list[SpanChange]:
    """List everything that another tool sees otherwise.

    Args:
        sentences: those that were written, each with its 1-based place.
        found: what the tool sees, in the same order.
        keeps: what the format has a place for; the rest is not compared.
    """
    changes: list[SpanChange] = []
    for place, (number, sentence) in enumerate(sentences):
        if place >= len(found.sentences):
            changes.append(_change(number, sentence, "sentence", sentence.text, "", "is missing"))
            continue
        wanted, seen = expected(sentence, found.unit), found.sentences[place]
        changes += _of_sentence(number, sentence, wanted, seen, keeps)
    for seen in found.sentences[len(sentences) :]:
        shown = seen.text if seen.text is not None else " ".join(seen.words or ())
        changes.append(SpanChange(0, "", "sentence", "", shown, "is one too many"))
    return changes


def _of_sentence(
    number: int, sentence: Sentence, wanted: Seen, seen: Seen, keeps: Collection[Kept]
) -> Iterator[SpanChange]:
    if seen.problem:
        yield _change(number, sentence, "sentence", sentence.text, "", seen.problem)
    if "text" in keeps and seen.text is not None and seen.text != wanted.text:
        yield _change(number, sentence, "text", sentence.text, seen.text, "the text differs")
    if "words" in keeps and seen.words is not None and seen.words != wanted.words:
        before, after = " ".join(wanted.words or ()), " ".join(seen.words)
        yield _change(number, sentence, "words", before, after, "the words differ")
    lost = [span for span in wanted.spans if span not in seen.spans]
    new = [span for span in seen.spans if span not in wanted.spans]
    if len(set(seen.spans)) < len(seen.spans):
        yield _change(number, sentence, "span", "", "", "an entity is there twice")
    for span in lost:
        partner = next((other for other in new if _overlap(span, other)), None)
        if partner is None:
            yield _change(number, sentence, "span", str(span), "", "the entity is lost")
            continue
        new.remove(partner)
        reason = _difference(span, partner)
        yield _change(number, sentence, "span", str(span), str(partner), reason)
    for span in new:
        yield _change(number, sentence, "span", "", str(span), "the entity is new")


def _overlap(first: SeenSpan, second: SeenSpan) -> bool:
    return first.start < second.end and second.start < first.end


def _difference(before: SeenSpan, after: SeenSpan) -> str:
    if (before.start, before.end) != (after.start, after.end):
        return "the entity is elsewhere"
    if before.label != after.label:
        return "the entity has another class"
    return "the entity covers another text"


def _change(
    number: int, sentence: Sentence, part: ChangedPart, before: str, after: str, reason: str
) -> SpanChange:
    return SpanChange(number, sentence.id, part, before, after, reason)
