"""Labelled sentences sent through a translator with markers around their entities.

Paper: Chen et al. 2023, EasyProject, arXiv:2211.15613, section 3.
Departs: tags, where the translator keeps them, say which entity is which; among fuzzy matches the
best one is taken, where released code keeps the last; what EasyProject drops as a whole sentence is
reported as damage, and the caller decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from core.config import RunConfig
from core.errors import ConfigError
from core.stages import Progress, by_languages, free
from core.text.markers import (
    MarkedText,
    lay_on_words,
    read_brackets,
    read_tags,
    with_brackets,
    with_tags,
)
from core.translators import TRANSLATORS, TagTranslator, Translator
from core.types import Sentence, SentencePair

LEAST_RATIO = 0.5
"""Two phrases are taken for the same above this similarity (EasyProject, section 3)."""
_EXACT_OWN, _EXACT_ITSELF = 3.0, 2.0


@dataclass(frozen=True, slots=True)
class MarkedTranslation:
    """A labelled sentence after translation.

    Attributes:
        sentence: the translation, its spans the entities whose markers came through.
        entities: the source entity of each span.
        phrases: how the translator renders entities alone, by entity, where it was asked.
        damage: what happened to the markers; empty where all came through.
    """

    sentence: Sentence
    entities: tuple[int, ...]
    phrases: Mapping[int, str] = field(default_factory=dict)
    damage: str = ""

    def span_of(self, entity: int) -> int | None:
        """Return the place of an entity's span, None where it was lost."""
        return self.entities.index(entity) if entity in self.entities else None


def make_back_translator(config: RunConfig) -> Translator:
    """Make the translator of marked sentences.

    Raises:
        ConfigError: none is chosen (missing-stage), or an unknown name or parameter.
        BackendError: a package is missing.
    """
    choice = config.back_translator or config.translator
    if choice is None:
        raise ConfigError(
            f"the route {config.route.name!r} needs a translator into the target language, "
            "got none",
            code="missing-stage",
            hint="add --back-translator NAME",
        )
    return TRANSLATORS.create(choice.name, choice.parameters)


def translate_marked(
    translator: Translator,
    pairs: Sequence[SentencePair],
    report: Progress,
    *,
    phrases: bool = False,
) -> list[MarkedTranslation]:
    """Translate every source sentence into the target language, its entities marked.

    Args:
        translator: with tags where it keeps them, else with brackets.
        pairs: labelled sources; of the targets only the language is looked at.
        report: called as the stage advances.
        phrases: also translate every entity alone, where tags would not need it.

    Returns:
        One translation a pair, in order.

    Raises:
        ConfigError: the translator cannot translate into a target language.
        BackendError: it is missing or broke off.
    """
    found: dict[int, MarkedTranslation] = {}
    report("mark", 0, len(pairs))
    for (source, target), places in by_languages(pairs).items():
        sentences = [pairs[place].source for place in places]
        if isinstance(translator, TagTranslator):
            markup = [with_tags(sentence) for sentence in sentences]
            answers = translator.translate_tagged(markup, source=source, target=target)
            texts = [read_tags(" ".join(answer.split())) for answer in answers]
            alone = _translate_entities(translator, sentences, target) if phrases else {}
        else:
            markup = [with_brackets(sentence) for sentence in sentences]
            answers = translator.translate(markup, source=source, target=target)
            texts = [_read_or_strip(answer) for answer in answers]
            alone = _translate_entities(translator, sentences, target)
        for place, sentence, text in zip(places, sentences, texts, strict=True):
            found[place] = _assign(sentence, text, target, alone)
        report("mark", len(found), len(pairs))
    free(translator)
    return [found[place] for place in range(len(pairs))]


def _read_or_strip(answer: str) -> MarkedText:
    """Read brackets; where they do not pair up the translation is kept without any."""
    plain = " ".join(answer.split())
    return read_brackets(plain) or MarkedText(plain, (), ())


def _translate_entities(
    translator: Translator, sentences: Sequence[Sentence], target: str
) -> dict[str, str]:
    """Translate each entity alone, equal ones once."""
    texts = sorted({one.text_of(span) for one in sentences for span in one.spans})
    if not texts:
        return {}
    answers = translator.translate(texts, source=sentences[0].language, target=target)
    return dict(zip(texts, answers, strict=True))


def _assign(
    sentence: Sentence, text: MarkedText, language: str, alone: Mapping[str, str]
) -> MarkedTranslation:
    """Give every marked stretch its entity."""
    spans = sentence.spans
    phrases = {
        number: alone[sentence.text_of(span)]
        for number, span in enumerate(spans)
        if sentence.text_of(span) in alone
    }
    if None in text.numbers:
        numbers = _by_text(sentence, text, phrases)
    else:
        numbers = _first_of_each(text, len(spans))
    labels = [(number, spans[number].label if number >= 0 else "") for number in numbers]
    laid, entities = lay_on_words(text, labels, language)
    lost = len(spans) - len(entities)
    damage = ""
    if lost or len(text.stretches) != len(spans):
        damage = f"{len(text.stretches)} markers came back for {len(spans)} entities"
    return MarkedTranslation(replace(laid, id=sentence.id), entities, phrases, damage)


def _first_of_each(text: MarkedText, entities: int) -> list[int]:
    """Number tagged stretches; of an entity cut in two the longest part is kept."""
    longest: dict[int, int] = {}
    for place, (number, (start, end)) in enumerate(zip(text.numbers, text.stretches, strict=True)):
        if number is None or number >= entities:
            continue
        held = longest.get(number)
        if held is None or end - start > text.stretches[held][1] - text.stretches[held][0]:
            longest[number] = place
    kept = {place: number for number, place in longest.items()}
    return [kept.get(place, -1) for place in range(len(text.stretches))]


def _by_text(sentence: Sentence, text: MarkedText, phrases: Mapping[int, str]) -> list[int]:
    """Number bracketed stretches by order where that is safe, else by what they say."""
    spans, count = sentence.spans, len(text.stretches)
    if count == len(spans) and len({span.label for span in spans}) == 1:
        return list(range(count))
    from scipy.optimize import linear_sum_assignment

    said = [text.text[start:end] for start, end in text.stretches]
    weights = np.array(
        [
            [_likeness(one, phrases.get(number, ""), sentence.text_of(span)) for one in said]
            for number, span in enumerate(spans)
        ]
    ).reshape(len(spans), count)
    numbers = [-1] * count
    for row, column in zip(*linear_sum_assignment(weights, maximize=True), strict=True):
        if weights[row, column] > 0:
            numbers[column] = int(row)
    left = sorted(set(range(len(spans))) - set(numbers))
    if len(left) == 1 and numbers.count(-1) == 1:  # one left over on either side: by elimination
        numbers[numbers.index(-1)] = left[0]
    return numbers


def _likeness(said: str, own: str, itself: str) -> float:
    """Rank how surely a stretch is an entity: as translated alone, as it was, or nearly so."""
    from rapidfuzz.fuzz import ratio

    stretch, own, itself = said.casefold(), own.casefold(), itself.casefold()
    if stretch == own:
        return _EXACT_OWN
    if stretch == itself:
        return _EXACT_ITSELF
    best = max(ratio(stretch, own), ratio(stretch, itself)) / 100
    return best if best > LEAST_RATIO else 0.0
