"""What `train` learns from: files and named corpora, read, hashed and augmented."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.corpora import FORMATS, BadLines, guess_format, sentence_record
from core.datasets import require_file
from core.datasets._one_side import load_side, names_side
from core.errors import DataError
from core.question_perturbations import Languages
from core.questions import Context, all_questions, first_questions
from core.questions.squad import BadQuestion, read_squad
from core.training.augmenting import augmented_contexts, augmented_sentences
from core.training.estimate import DataSize, added, contexts_size, sentences_size
from core.training.qa import QaRecipe
from core.training.spec import NO_DEV, DataChoice, TrainingSpec, file_hash
from core.types import Sentence

_EWT = "uner/English-EWT/en_ewt-ud-{}.iob2"
_TRAIN, _DEV = _EWT.format("train.first-commit-cleaned"), _EWT.format("dev")
_SQUAD = "squad/train-v1.1.44articles.json"


@dataclass
class TrainingData:
    """Data of a run, as read.

    Attributes:
        sentences: labelled sentences with their weight, a group each part (named entities).
        contexts: the same of contexts (question answering).
        dev_sentences: that choose the weights.
        dev_contexts: likewise, each with the language of its answers.
        hashes: SHA-256 of each source.
        skipped: malformed examples left out.
    """

    sentences: list[tuple[Sequence[Sentence], float]] = field(default_factory=list)
    contexts: list[tuple[Sequence[Context], float]] = field(default_factory=list)
    dev_sentences: list[Sentence] = field(default_factory=list)
    dev_contexts: list[tuple[Sequence[Context], str]] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    skipped: int = 0

    @property
    def examples(self) -> int:
        """Return how many sentences or questions there are to learn from."""
        questions = sum(len(all_questions(part)) for part, _ in self.contexts)
        return questions + sum(len(part) for part, _ in self.sentences)

    def size(self, spec: TrainingSpec) -> DataSize:
        """Guess how much the model will read."""
        recipe = spec.recipe
        parts = [sentences_size(part, weight) for part, weight in self.sentences]
        dev = [sentences_size(self.dev_sentences)]
        if isinstance(recipe, QaRecipe):
            parts = [contexts_size(part, recipe, weight) for part, weight in self.contexts]
            dev = [contexts_size(part, recipe) for part, _ in self.dev_contexts]
        judged = sum(one.examples * one.subwords for one in dev)
        return replace(added(parts), dev_subwords=judged)


def read_data(spec: TrainingSpec) -> TrainingData:
    """Read all data of a run, and add perturbed copies where it asks for them.

    Raises:
        ConfigError: an unknown corpus or perturbation.
        DataError: a source cannot be read, or there is nothing labelled in it.
    """
    data = TrainingData()
    if spec.task == "qa":
        _read_questions(spec, data)
    else:
        _read_sentences(spec, data)
    return data


def _read_sentences(spec: TrainingSpec, data: TrainingData) -> None:
    for choice in spec.data or (_default(_TRAIN),):
        found = _labelled(choice, spec, data)[: spec.limit]
        data.sentences.append((found, choice.weight))
        copies = augmented_sentences(found, spec.augment, spec.recipe.seed)
        if copies:
            data.sentences.append((copies, choice.weight))
    for choice in _dev(spec, _DEV):
        data.dev_sentences += _labelled(choice, spec, data)[: spec.dev_limit]


def _read_questions(spec: TrainingSpec, data: TrainingData) -> None:
    for choice in spec.data or (_default(_SQUAD),):
        found = _asked(choice, spec, data, spec.limit)
        data.contexts.append((found, choice.weight))
        languages = Languages(choice.language, spec.question_language or choice.language)
        copies = augmented_contexts(found, spec.augment, languages=languages, seed=spec.recipe.seed)
        if copies:
            data.contexts.append((copies, choice.weight))
    for choice in _dev(spec):
        data.dev_contexts.append((_asked(choice, spec, data, spec.dev_limit), choice.language))


def _default(file: str) -> DataChoice:
    return DataChoice(str(require_file(file)))


def _dev(spec: TrainingSpec, default: str = "") -> tuple[DataChoice, ...]:
    if any(one.source == NO_DEV for one in spec.dev):
        return ()
    if spec.dev or not default:
        return spec.dev
    return (_default(default),)  # looked for only where it is wanted


def _labelled(choice: DataChoice, spec: TrainingSpec, data: TrainingData) -> list[Sentence]:
    bad = BadLines()
    path = Path(choice.source)
    if path.is_file() or not names_side(choice.source):
        form = guess_format(path)
        reader = FORMATS.create(form.name, form.parameters)
        found = reader.read(path, choice.language, skip_bad=bad if spec.skip_bad else None)
        data.hashes[choice.source] = file_hash(path)
    else:
        found = load_side(choice.source, bad if spec.skip_bad else None)
        records = json.dumps([sentence_record(one) for one in found], ensure_ascii=False)
        data.hashes[choice.source] = hashlib.sha256(records.encode()).hexdigest()
    data.skipped += len(bad)
    kept = [_with_labels(one, spec.labels) for one in found]
    if not any(sentence.spans for sentence in kept):
        raise DataError(
            "a file to train on must have labelled entities, got none",
            code="missing-gold",
            path=choice.source,
        )
    return kept


def _with_labels(sentence: Sentence, labels: Sequence[str]) -> Sentence:
    if not labels:
        return sentence
    return replace(sentence, spans=tuple(one for one in sentence.spans if one.label in labels))


def _asked(
    choice: DataChoice, spec: TrainingSpec, data: TrainingData, limit: int | None
) -> tuple[Context, ...]:
    """Read contexts, up to a number of questions."""
    bad: list[BadQuestion] = []
    path = Path(choice.source)
    found = read_squad(path, skip_bad=bad if spec.skip_bad else None)
    data.hashes[choice.source] = file_hash(path)
    data.skipped += len(bad)
    kept = first_questions(found, limit)
    if not kept:
        raise DataError(
            "a file to train on must have questions, got none",
            code="missing-gold",
            path=choice.source,
        )
    return kept
