"""Hypothesis strategies for sentences, spans and files; each says what it leaves out."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st

from core.text.words import sentence_from_words, split_words
from core.types import Sentence, Span

# Words and text that have broken readers before.
AWKWARD_WORDS = (
    "#",
    "#tag",
    "[",
    "]",
    "\\",
    "O",
    "B-PER",
    "0-0",
    '"',
    "{}",
    "-",
    "=",
    "שלום",
    "القاهرة",
    "中",
    "Ọla\u0301",
    "👩‍👩‍👧",
    "🇩🇪",
    "\ufeffx",
    "\u200d",
    "N\0L",
)
LABELS = ("PER", "LOC", "creative-work", "B-X")
LANGUAGES = ("en", "de", "zh", "ar", "yo", "ja")


def words() -> st.SearchStrategy[str]:
    """One piece of text without white space."""
    solid = st.text(min_size=1, max_size=6).filter(lambda text: text.split() == [text])
    return st.sampled_from(AWKWARD_WORDS) | solid


def ids() -> st.SearchStrategy[str]:
    """Sentence names a comment line and a tab column can hold; often empty."""
    return st.just("") | st.text("abc0-_.#= é中", max_size=6).map(str.strip)


@st.composite
def spans(draw: st.DrawFn, length: int, labels: tuple[str, ...] = LABELS) -> tuple[Span, ...]:
    """Sorted disjoint spans inside `length` words, often touching."""
    cuts = sorted(draw(st.sets(st.integers(0, length), max_size=6)))
    return tuple(
        Span(start, end, draw(st.sampled_from(labels)))
        for start, end in pairwise(cuts)
        if draw(st.integers(0, 3))
    )


@st.composite
def sentences(draw: st.DrawFn) -> Sentence:
    """Sentences built from words, with the text the words make; some are empty."""
    chosen = draw(st.lists(words(), max_size=7))
    return sentence_from_words(
        chosen,
        draw(st.sampled_from(LANGUAGES)),
        spans=draw(spans(len(chosen))),
        sentence_id=draw(ids()),
    )


@st.composite
def running_sentences(draw: st.DrawFn) -> Sentence:
    """Sentences split from running text, with any white space but line breaks."""
    language = draw(st.sampled_from(LANGUAGES))
    gaps = st.sampled_from([" ", "", "  ", "\u00a0", "\t", "\u3000"])
    pieces = draw(st.lists(st.tuples(words(), gaps), max_size=7))
    text = "".join(word + gap for word, gap in pieces)
    split = split_words(text, language)
    return Sentence(
        words=tuple(word.text for word in split),
        language=language,
        text=text,
        char_offsets=tuple((word.char_start, word.char_end) for word in split),
        spans=draw(spans(len(split))),
        id=draw(ids()),
    )


def file_contents() -> st.SearchStrategy[bytes]:
    """Files of any kind: bytes, and lines made of what formats are made of."""
    pieces = st.sampled_from(
        [
            *AWKWARD_WORDS,
            *("word", "O", "B-PER", "I-LOC", "S-X", "B-", "\t", " ", "1", "2", "3-4", "8.1", "-"),
            *("# id = x", "# text = word", "# sent_id =", "-DOCSTART-", "[PER ", "]", "0p1", "1?0"),
            *('{"words": ["a"], "spans": ', '{"text": "a b", "label": ', "[[0, 1, ", '"X"]]}', "{"),
            *('"tags": ["O"]', "null", "1e999", "[" * 2000, '"\\ud800"', "\r", "\u2028", "\x85"),
        ]
    )
    line = st.lists(pieces | st.text(max_size=4), max_size=6).map("".join)
    lines = st.lists(line, max_size=8).map(lambda many: "\n".join(many).encode())
    broken = st.tuples(lines, st.binary(max_size=3), lines).map(b"".join)
    return lines | broken | st.binary(max_size=60)
