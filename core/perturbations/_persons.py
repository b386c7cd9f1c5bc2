"""Where the first token of a person's name ends, and which names can take its place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from core.perturbations._editing import Fragment, fragment_of
from core.perturbations._names import Name, listed
from core.text.segments import has_character_words
from core.text.words import base_language
from core.types import Sentence, Span

# Between the parts of a foreign name in Chinese and Japanese.
_DOTS = frozenset("·・•‧")


def head_end(sentence: Sentence, span: Span) -> int | None:
    """Return the word after the first token of a person's name.

    In text whose words are characters it is what stands before a dot, in Chinese also the family
    name, or all of a foreign name without a dot.

    Returns:
        None where nothing shows where it ends.
    """
    if not has_character_words(sentence):
        return span.start + 1
    dots = [i for i in range(span.start + 1, span.end) if sentence.words[i] in _DOTS]
    if dots:
        return dots[0]
    if base_language(sentence.language) != "zh":
        return None
    if sentence.words[span.start] in _family_names() and len(span) > 1:
        return span.start + 1
    return span.end


def heads(sentence: Sentence, labels: frozenset[str]) -> Iterator[tuple[Fragment, str]]:
    """Yield the given names of a sentence's persons, each with the person's class.

    Only names of several words tell which is the given one; a title or an initial is none.
    """
    for span in sentence.spans:
        end = head_end(sentence, span) if span.label.casefold() in labels else None
        if end is None or end == span.end:
            continue
        found = fragment_of(sentence, span.start, end)
        if _looks_given(found):
            yield found, span.label


def suits(name: Name, head: Fragment) -> bool:
    """Tell whether a name has the form of a head: another one, one word for one word."""
    return name.key != "".join(head.text.split()).casefold() and (len(name.new.words) == 1) == (
        len(head.words) == 1
    )


def _looks_given(name: Fragment) -> bool:
    """Tell a name from a title (Dr., the) and from initials, as far as letters show it."""
    text = name.text
    if not text[0].isalpha() or any(letter.isdigit() or letter == "." for letter in text):
        return False
    has_case = text.lower() != text.upper()
    return not has_case or (len(text) > 1 and text[0].isupper() and not text.isupper())


@lru_cache(maxsize=1)
def _family_names() -> frozenset[str]:
    return frozenset(
        name.new.text for name in listed("given_names", "zh") if len(name.new.words) == 1
    )
