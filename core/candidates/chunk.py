"""Noun chunks of a parser, or runs of words that look like names.

Paper: the thesis on ILP projection names noun chunks as future work.
Departs: a chunk is also proposed without its leading function words, because names are annotated
without their article; where no parser is installed, letter case and function words stand in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from core.candidates import CANDIDATES
from core.errors import BackendError
from core.text.function_words import is_function_word
from core.text.words import NO_SPACE_LANGUAGES, base_language
from core.types import Candidate, Problem

if TYPE_CHECKING:
    from spacy.language import Language

Spans = set[tuple[int, int]]


@dataclass(frozen=True)
class Chunk:
    """Noun chunks; without a parser for the language, runs of capitalised or content words.

    The origin of a candidate says which: `chunk:parser`, `chunk:capitals` or `chunk:content`.
    """

    inputs: ClassVar[tuple[str, ...]] = ()

    pipeline: Annotated[
        str,
        Field(
            description="spaCy pipeline with a parser, or its folder; empty takes the first "
            "installed one for the target language"
        ),
    ] = ""
    max_len: Annotated[
        int,
        Field(ge=1, le=60, description="longest span in words; more where words are characters"),
    ] = 10
    sub_spans: Annotated[
        bool,
        Field(description="capitalised runs: also every part that starts and ends in a capital"),
    ] = True

    def extract(self, problem: Problem) -> tuple[Candidate, ...]:
        """List the spans, by start and end.

        Raises:
            BackendError: the pipeline that was asked for is not installed (code model-not-found)
                or finds no noun chunks (model-unusable).
        """
        words, language = problem.target_words, problem.target_language
        name = self.pipeline or _installed(base_language(language))
        spans = _noun_chunks(name, words, language) if name else None
        if spans is None and self.pipeline:
            raise BackendError(
                "chunk.pipeline must be a spaCy pipeline with a parser and rules for noun chunks, "
                f"got {self.pipeline!r}",
                code="model-unusable",
            )
        origin = "chunk:parser"
        if spans is None and _has_case(words):
            spans, origin = _capitalised(words, language, self.sub_spans), "chunk:capitals"
        elif spans is None:
            spans, origin = _content(words, language, self.max_len), "chunk:content"
        return tuple(
            Candidate(start, end, (origin,))
            for start, end in sorted(spans)
            if end - start <= self.max_len
        )


def _installed(language: str) -> str:
    """Return the first installed pipeline of a language, or an empty text.

    In scripts without spaces our words are characters, of which a parser makes nothing.
    """
    import spacy.util

    if language in NO_SPACE_LANGUAGES:
        return ""
    names = sorted(spacy.util.get_installed_models())
    return next((name for name in names if name.partition("_")[0] == language), "")


@lru_cache(maxsize=4)
def _load(name: str) -> Language:
    import spacy

    try:
        return spacy.load(name)
    except OSError as error:
        raise BackendError(
            f"chunk.pipeline must be an installed spaCy pipeline or a folder, got {name!r}",
            code="model-not-found",
            hint=f"python -m spacy download {name}",
        ) from error


def _noun_chunks(name: str, words: tuple[str, ...], language: str) -> Spans | None:
    """Parse the sentence; None where the pipeline has no parser or the language no chunk rules."""
    from spacy.tokens import Doc

    if not words:
        return set()
    nlp = _load(name)
    # The words stay as they are: spaCy is given our tokens, so its indices are ours.
    parsed = nlp(Doc(nlp.vocab, words=list(words)))
    if not parsed.has_annotation("DEP") or nlp.vocab.get_noun_chunks is None:
        return None
    spans: Spans = set()
    for chunk in parsed.noun_chunks:
        start = chunk.start
        spans.add((start, chunk.end))
        while start < chunk.end - 1 and is_function_word(words[start].lower(), language):
            start += 1
        spans.add((start, chunk.end))
    return spans


def _has_case(words: tuple[str, ...]) -> bool:
    """Tell whether most letters are of a script with capitals: a foreign name decides nothing."""
    letters = [char for word in words for char in word if char.isalpha()]
    # Not upper: Georgian has upper-case letters for headlines, but no word begins with one.
    return 2 * sum(char.lower() != char.title() for char in letters) > len(letters)


def _capitalised(words: tuple[str, ...], language: str, sub_spans: bool) -> Spans:
    """List runs of capitalised words; one function word may stand between two of them."""
    capitals = [
        index for index, word in enumerate(words) if word[:1].isupper() or word[:1].istitle()
    ]
    runs: list[list[int]] = []
    for index in capitals:
        gap = index - runs[-1][-1] - 1 if runs else len(words)
        if gap == 0 or (gap == 1 and is_function_word(words[index - 1], language)):
            runs[-1].append(index)
        else:
            runs.append([index])
    if not sub_spans:
        return {(run[0], run[-1] + 1) for run in runs}
    return {
        (first, last + 1) for run in runs for place, first in enumerate(run) for last in run[place:]
    }


def _content(words: tuple[str, ...], language: str, max_len: int) -> Spans:
    """List the n-grams that hold neither function words nor bare punctuation."""
    good = [
        any(char.isalnum() for char in word) and not is_function_word(word, language)
        for word in words
    ]
    spans: Spans = set()
    for start in range(len(words)):
        for end in range(start + 1, min(start + max_len, len(words)) + 1):
            if not good[end - 1]:
                break
            spans.add((start, end))
    return spans


CANDIDATES.register(Chunk)
