"""Contexts with sentences of other contexts that look as if they answered.

Paper: Jia and Liang 2017, arXiv:1707.07328 (AddSent: a sentence that distracts, put at the end).
Departs: the sentences are real ones, of other contexts of the file, instead of made from the
question. None that holds a gold answer of the context is taken.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field

from core.perturbations._editing import generator
from core.question_perturbations import (
    QUESTION_PERTURBATIONS,
    Languages,
    PerturbedQuestions,
    TextChange,
    UnchangedText,
)
from core.question_perturbations._splicing import Splice, changes_of, spliced_context
from core.questions import Context
from core.text.function_words import function_words
from core.text.paragraphs import split_sentences
from core.text.segments import segment
from core.text.words import NO_SPACE_LANGUAGES, base_language, split_words
from core.types import Sentence

_REASON = "a sentence of another context"


@dataclass(frozen=True)
class Distractors:
    """Sentences of other contexts put at the end or the beginning of each context."""

    count: Annotated[int, Field(ge=1, le=20, description="sentences to add to a context")] = 1
    place: Annotated[Literal["end", "start"], Field(description="where to put them")] = "end"
    choose: Annotated[
        Literal["similar", "random"],
        Field(description="those that share most words with the questions, or any"),
    ] = "similar"

    def perturb(
        self,
        contexts: Sequence[Context],
        *,
        languages: Languages,
        training: Sequence[Sentence],
        seed: int,
    ) -> PerturbedQuestions:
        """Add sentences; answers keep standing where they are, moved by what stands before."""
        pool = _Pool(contexts, languages.context)
        new_contexts: list[Context] = []
        changes: list[TextChange] = []
        unchanged: list[UnchangedText] = []
        for place, context in enumerate(contexts):
            splices = self._splices(place, context, pool, languages, seed)
            new_contexts.append(spliced_context(context, splices))
            changes += changes_of(place, "", context.text, splices)
            if not splices:
                unchanged.append(
                    UnchangedText(place, "", "no other context has a sentence without its answers")
                )
        return PerturbedQuestions(tuple(new_contexts), tuple(changes), tuple(unchanged))

    def _splices(
        self, place: int, context: Context, pool: _Pool, languages: Languages, seed: int
    ) -> list[Splice]:
        wanted: dict[int, float] = {}
        if self.choose == "similar":
            wanted = pool.sharing(
                word
                for question in context.questions
                for word in _words(question.text, languages.question)
            )
        order = generator(seed, place).permutation(len(pool.sentences)).tolist()
        order.sort(
            key=lambda number: -wanted.get(number, 0)
        )  # stable: chance decides between equals
        answers = {
            answer.text.casefold() for question in context.questions for answer in question.answers
        }
        found: list[str] = []
        for number in order:
            text = pool.sentences[number]
            is_new = context.text not in pool.holders[number] and text not in context.text
            if is_new and not any(answer in text.casefold() for answer in answers):
                found.append(text)
            if len(found) == self.count:
                break
        return self._placed(context.text, found, languages.context)

    def _placed(self, text: str, found: Sequence[str], language: str) -> list[Splice]:
        if not found:
            return []
        gap = "" if base_language(language) in NO_SPACE_LANGUAGES else " "
        if self.place == "start":
            return [Splice(0, 0, gap.join(found) + gap, _REASON)]
        return [Splice(len(text), len(text), gap + gap.join(found), _REASON)]


class _Pool:
    """The sentences of all contexts, and which words they hold."""

    def __init__(self, contexts: Sequence[Context], language: str) -> None:
        holders: dict[str, set[str]] = defaultdict(set)
        for context in contexts:
            for paragraph in filter(str.strip, context.text.splitlines()):
                for sentence in split_sentences(paragraph, language):
                    holders[sentence].add(context.text)
        self.sentences = tuple(sorted(holders))
        self.holders = tuple(holders[sentence] for sentence in self.sentences)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._roots: list[float] = []
        for number, sentence in enumerate(self.sentences):
            words = _words(sentence, language)
            self._roots.append(max(len(words), 1) ** 0.5)
            for word in words:
                self._by_word[word].append(number)

    def sharing(self, words: Iterable[str]) -> dict[int, float]:
        """Tell for each sentence how similar it is: words shared by the root of its words.

        Without the division the longest sentences would be similar to everything.
        """
        shared = Counter(number for word in set(words) for number in self._by_word.get(word, ()))
        return {number: count / self._roots[number] for number, count in shared.items()}


@lru_cache(maxsize=4096)
def _words(text: str, language: str) -> frozenset[str]:
    """Return the content words of a text without their case, in Chinese and Japanese whole ones."""
    closed = function_words(language)
    places = segment(text, language) or (
        (word.char_start, word.char_end) for word in split_words(text, language)
    )
    words = {text[start:end].casefold() for start, end in places}
    return frozenset(word for word in words - closed if any(map(str.isalnum, word)))


QUESTION_PERTURBATIONS.register(Distractors)
