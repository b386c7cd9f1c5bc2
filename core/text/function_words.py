"""Function words: articles, prepositions, conjunctions and other closed-class words.

The lists are spaCy's, for some seventy languages. A language without a list has no function words
here, which leaves every word its full weight.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

from core.text.words import NO_SPACE_LANGUAGES, base_language

_APOSTROPHES = "'’"


@lru_cache(maxsize=128)
def function_words(language: str) -> frozenset[str]:
    """Return the function words of a language, lower case.

    Args:
        language: BCP-47 code.
    """
    base = base_language(language)
    if base in NO_SPACE_LANGUAGES:  # the lists hold words, our words there are characters
        return frozenset()
    if not base.isalpha() or find_spec(f"spacy.lang.{base}") is None:
        return frozenset()
    if find_spec(f"spacy.lang.{base}.stop_words") is None:
        return frozenset()
    words = import_module(f"spacy.lang.{base}.stop_words").STOP_WORDS
    return frozenset(word.strip(_APOSTROPHES).lower() for word in words)


def is_function_word(word: str, language: str) -> bool:
    """Tell whether a word is a function word.

    A word with a capital is not: in names ("Stati Uniti", "The Hague") it carries the name.

    >>> is_function_word("dell'", "it"), is_function_word("Stati", "it")
    (True, False)
    """
    return word == word.lower() and word.strip(_APOSTROPHES) in function_words(language)
