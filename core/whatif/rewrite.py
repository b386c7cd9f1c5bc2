"""Other words in one sentence of a pair, with everything that still holds carried over.

Words of an unchanged piece of text keep their borders, entities keep their words, and so do gold
spans, links that came with the corpus, and edits; what stood on words that are gone goes with them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Literal

from core.errors import DataError
from core.text.words import split_words
from core.types import EntityCandidate, Link, Sentence, SentencePair, Span
from core.whatif.edits import Edits

Side = Literal["source", "target"]

_CHUNK = re.compile(r"\S+")
_ALIKE = 0.5


class WordMap:
    """Where each word of a sentence is in its new form.

    Args:
        old: words before.
        new: words now.
    """

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self._place: dict[int, int] = {}
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        # Where most words are others, it is another text, not a corrected one.
        self.alike = matcher.ratio() > _ALIKE
        for kind, old_start, old_end, new_start, new_end in matcher.get_opcodes():
            # As many words in another form stand for one another: a word was corrected.
            same_count = old_end - old_start == new_end - new_start
            corrected = kind == "replace" and self.alike and same_count
            if kind == "equal" or corrected:
                for step in range(old_end - old_start):
                    self._place[old_start + step] = new_start + step

    def word(self, index: int) -> int | None:
        """Return a word's new place; None if it is gone."""
        return self._place.get(index)

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the new place of a run of words, from its first kept word to its last."""
        kept = [self._place[index] for index in range(start, end) if index in self._place]
        return (kept[0], kept[-1] + 1) if kept else None

    def keeps(self, start: int, end: int) -> bool:
        """Tell whether a run of words is still as long as it was."""
        place = self.span(start, end)
        return place is not None and place[1] - place[0] == end - start


def rewrite(pair: SentencePair, side: Side, text: str) -> SentencePair:
    """Return a pair with another text on one side.

    Gold is kept only where every gold span still has all its words; another translation has no
    gold.

    Args:
        pair: before.
        side: whose text it is.
        text: the new text, plain: brackets are text.

    Raises:
        DataError: a text without words (code empty-corpus).
    """
    old: Sentence = getattr(pair, side)
    new = _split(old, " ".join(text.split()))
    if not new.words:
        raise DataError(
            f"the {side} sentence must have words, got none",
            code="empty-corpus",
            hint="type a sentence, or take the change back",
        )
    mapping = WordMap(old.words, new.words)
    new = replace(new, spans=_moved_spans(old.spans, mapping))
    links = {
        name: tuple(filter(None, (_moved_link(link, side, mapping) for link in links)))
        for name, links in pair.links.items()
    }
    if side == "source":
        return replace(pair, source=new, links=links, source_tags=None)
    whole = all(mapping.keeps(span.start, span.end) for span in old.spans)
    if pair.has_gold and whole and mapping.alike:
        return replace(pair, target=new, links=links)
    return replace(pair, target=replace(new, spans=()), links=links, has_gold=False)


def move_edits(edits: Edits, before: SentencePair, after: SentencePair) -> Edits:
    """Return edits on a pair for the pair with other words; what lost its words is dropped."""
    source = WordMap(before.source.words, after.source.words)
    target = WordMap(before.target.words, after.target.words)

    def links(old: tuple[Link, ...]) -> tuple[Link, ...]:
        found = [_moved_link(link, "source", source) for link in old]
        both = [_moved_link(link, "target", target) for link in found if link is not None]
        return tuple(sorted(link for link in both if link is not None))

    # Entities whose words are all gone are gone, and the others change their numbers.
    own = edits.pair(before).source.spans
    kept = [index for index, span in enumerate(own) if source.span(span.start, span.end)]
    number = {old: new for new, old in enumerate(kept)}

    def constraints(old: tuple[EntityCandidate, ...]) -> tuple[EntityCandidate, ...]:
        moved = []
        for one in old:
            place = target.span(one.start, one.end)
            if place is not None and one.entity in number:
                moved.append(EntityCandidate(number[one.entity], *place))
        return tuple(moved)

    entities = None if edits.entities is None else _moved_spans(edits.entities, source)
    return Edits(
        links(edits.added),
        links(edits.removed),
        constraints(edits.pins),
        constraints(edits.bans),
        entities,
    )


def _split(old: Sentence, text: str) -> Sentence:
    """Split a text into words; pieces between spaces that were there keep their old words."""
    pieces = [(match.start(), match.end()) for match in _CHUNK.finditer(text)]
    before = [(match.start(), match.end()) for match in _CHUNK.finditer(old.text)]
    known = _words_by_piece(old, before)
    matcher = SequenceMatcher(
        None,
        [old.text[start:end] for start, end in before],
        [text[start:end] for start, end in pieces],
        autojunk=False,
    )
    whole = sum(map(len, known)) == len(old.words)  # no word goes beyond its piece
    same = {
        new_start + step: old_start + step
        for kind, old_start, old_end, new_start, _ in matcher.get_opcodes()
        if kind == "equal" and whole
        for step in range(old_end - old_start)
    }
    words: list[str] = []
    offsets: list[tuple[int, int]] = []
    for place, (start, end) in enumerate(pieces):
        if place in same:
            found = known[same[place]]
        else:
            split = split_words(text[start:end], old.language)
            found = [(word.text, word.char_start, word.char_end) for word in split]
        words += [word for word, _, _ in found]
        offsets += [(start + first, start + last) for _, first, last in found]
    return replace(old, words=tuple(words), text=text, char_offsets=tuple(offsets), spans=())


def _words_by_piece(
    sentence: Sentence, pieces: Sequence[tuple[int, int]]
) -> list[list[tuple[str, int, int]]]:
    """List the words inside each piece, with their offsets in it."""
    return [
        [
            (word, first - start, last - start)
            for word, (first, last) in zip(sentence.words, sentence.char_offsets, strict=True)
            if start <= first and last <= end
        ]
        for start, end in pieces
    ]


def _moved_spans(spans: Sequence[Span], mapping: WordMap) -> tuple[Span, ...]:
    moved: list[Span] = []
    for span in spans:
        place = mapping.span(span.start, span.end)
        if place is not None and (not moved or moved[-1].end <= place[0]):
            moved.append(Span(*place, span.label))
    return tuple(moved)


def _moved_link(link: Link, side: Side, mapping: WordMap) -> Link | None:
    word = mapping.word(link.source if side == "source" else link.target)
    if word is None:
        return None
    return replace(link, source=word) if side == "source" else replace(link, target=word)
