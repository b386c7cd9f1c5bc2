"""Comparing parallel text that another program sees with what was meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.exchange.checks.pairs import Links, RereadPairs, SeenPair
from core.exchange.values import SpanChange
from core.types import SentencePair


def compare_pairs(
    pairs: Sequence[tuple[int, SentencePair]], found: RereadPairs, *, alignment: str
) -> list[SpanChange]:
    """List every text and every set of links that another program sees otherwise.

    Args:
        pairs: those that were written, each with its 1-based place.
        found: what the program sees, in the same order.
        alignment: which links were written; empty takes a pair's only ones.
    """
    changes: list[SpanChange] = []
    for place, (number, pair) in enumerate(pairs):
        if place < len(found.pairs):
            changes += _of_pair(number, pair, found.pairs[place], alignment, words=found.words)
        else:
            text = pair.source.text
            changes.append(SpanChange(number, pair.id, "sentence", text, "", "is missing"))
    changes += (
        SpanChange(0, "", "sentence", "", seen.source, "is one too many")
        for seen in found.pairs[len(pairs) :]
    )
    return changes


def _of_pair(
    number: int, pair: SentencePair, seen: SeenPair, alignment: str, *, words: bool
) -> Iterator[SpanChange]:
    for sentence, after in ((pair.source, seen.source), (pair.target, seen.target)):
        before = " ".join(sentence.words) if words else sentence.text
        if before == after:
            continue
        escaped = after == f"'{before}"
        reason = (
            "an apostrophe keeps spreadsheets from computing the cell; our reader takes it away"
            if escaped
            else "the text differs"
        )
        yield SpanChange(number, pair.id, "text", before, after, reason)
    if seen.links is None:
        return
    chosen = pair.links.get(alignment) or next(iter(pair.links.values()), ())
    wanted: Links = frozenset((link.source, link.target, link.sure) for link in chosen)
    if wanted != seen.links:
        before, after = (str(sorted(links)) for links in (wanted, seen.links))
        yield SpanChange(number, pair.id, "links", before, after, "the links differ")
