"""Word segmentation of text written without spaces.

Our words in such text are characters, so that any annotation can be held. A model and an aligner do
far better with whole words; these segmenters supply them, as stretches of the same text, and the
characters stay what spans are counted in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from importlib.util import find_spec
from itertools import accumulate, pairwise
from types import MappingProxyType

from core.text.words import NO_SPACE_LANGUAGES, base_language
from core.types import Sentence

Cut = Callable[[str], Iterable[str]]


def has_character_words(sentence: Sentence) -> bool:
    """Tell whether a sentence's words are characters of a script without spaces.

    A corpus may bring words of its own; then one of them has several characters of that script.
    """
    if base_language(sentence.language) not in NO_SPACE_LANGUAGES:
        return False
    return not any(len(word) > 1 and not word.isascii() for word in sentence.words)


def segment(text: str, language: str) -> tuple[tuple[int, int], ...] | None:
    """Cut text into words.

    Args:
        text: running text.
        language: BCP-47 code.

    Returns:
        Character offsets of the words, half-open, covering the whole text; None where there is no
        segmenter for the language, or its package is not installed.
    """
    base = base_language(language)
    if base not in SEGMENTERS or find_spec(SEGMENTERS[base]) is None:
        return None
    borders = [0, *accumulate(map(len, _cutter(base)(text)))]
    return tuple(pairwise(borders))


# Language → package.
SEGMENTERS: Mapping[str, str] = MappingProxyType({"zh": "jieba", "ja": "sudachipy"})


@lru_cache(maxsize=4)
def _cutter(base: str) -> Cut:
    return _chinese() if base == "zh" else _japanese()


def _chinese() -> Cut:
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    return lambda text: tokenizer.cut(text)


def _japanese() -> Cut:
    from sudachipy import Dictionary

    tokenizer = Dictionary(dict="small").tokenizer()
    return lambda text: (morpheme.surface() for morpheme in tokenizer.tokenize(text))
