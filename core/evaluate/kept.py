"""What examinations keep: every test set with what was found in it, so that runs can be compared.

Beside each other stand `es.typos.0.gold.conll` and `es.typos.0.found.conll`, or, for answers to
questions, `gold.es.typos.0.json` and `es.typos.0.json`: test set, perturbation and its seed. The
clean set has its name alone.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np

from core.corpora.conll import Conll
from core.errors import DataError
from core.evaluate.gold import GoldSentence, keep_labels
from core.evaluate.qa import answer_counts, score_each
from core.evaluate.question_robustness import Asked
from core.evaluate.robustness import TaggedSet
from core.evaluate.significance import Counts
from core.evaluate.spans import count_by_sentence
from core.question_perturbations._squad_file import write_squad
from core.questions import all_questions
from core.questions.squad import read_predictions, read_squad
from core.text.files import write_lines
from core.types import Sentence

KEPT = "kept"
"""Folder of a run's artefacts that holds what it kept."""
_GOLD, _FOUND = ".gold.conll", ".found.conll"
_QUESTIONS = "gold."
_JOINED = "-"


@dataclass(frozen=True, slots=True)
class KeptSet:
    """A test set under one perturbation or none, as a run kept it.

    Attributes:
        counts: correct, predicted and gold items of every unit; the seeds of a perturbation are
            added up, unit by unit.
        digest: of its gold files, one a seed; equal where two runs saw the same texts.
    """

    counts: Counts
    digest: str = ""

    def same_texts(self, clean: KeptSet) -> bool:
        """Tell whether no seed of a perturbation has changed anything in the clean set."""
        return bool(clean.digest) and set(self.digest.split(_JOINED)) == {clean.digest}


def keep_tagged(folder: Path, tagged: TaggedSet) -> None:
    """Write a set with its gold entities, and once more with those that were found.

    Raises:
        DataError: a file cannot be written (code file-not-writable).
    """
    seed = [] if tagged.seed is None else [str(tagged.seed)]
    name = ".".join([*filter(None, [tagged.name, tagged.perturbation]), *seed])
    found = [
        replace(sentence, spans=labelling.spans)
        for sentence, labelling in zip(tagged.sentences, tagged.labellings, strict=True)
    ]
    # The gold file is last: what was cut off before it is no set.
    Conll().write(folder / f"{name}{_FOUND}", found)
    Conll().write(folder / f"{name}{_GOLD}", tagged.sentences)


def keep_answered(folder: Path, asked: Asked, found: Mapping[str, str]) -> None:
    """Write questions with their gold answers, and the answers that were found.

    Raises:
        DataError: a file cannot be written (code file-not-writable).
    """
    write_lines(folder / asked.file_name, [json.dumps(found, ensure_ascii=False)])
    write_squad(folder / f"{_QUESTIONS}{asked.file_name}", asked.contexts)


def clear_kept(folder: Path) -> None:
    """Remove every set that an examination kept, and no other file.

    Raises:
        OSError: a file cannot be removed.
    """
    for _, gold, found in (*_tagged_files(folder), *_answered_files(folder)):
        if found.is_file():
            gold.unlink()
            found.unlink()


def read_kept(
    folder: Path, *, questions: bool = False, labels: Collection[str] | None = None
) -> dict[str, KeptSet]:
    """Read all that an examination kept.

    Args:
        folder: where it was kept.
        questions: whether it was of answers to questions.
        labels: classes to count; None counts all.

    Returns:
        Set by name, without the seed of the perturbation; a clean set before its perturbed ones.

    Raises:
        DataError: a file cannot be read, or there is none of them (code missing-gold).
    """
    counts: dict[str, list[Counts]] = {}
    digests: dict[str, list[str]] = {}
    files = _answered_files(folder) if questions else _tagged_files(folder)
    for name, gold, found in files:
        whole = _without_seed(name)
        own = _count_answers(gold, found, name) if questions else _count(gold, found, name, labels)
        counts.setdefault(whole, []).append(own)
        digests.setdefault(whole, []).append(sha256(gold.read_bytes()).hexdigest())
    if not counts:
        raise DataError(
            "the folder must hold what `evaluate --keep` wrote, got none of it",
            code="missing-gold",
            path=str(folder),
        )
    return {
        name: KeptSet(np.sum(counts[name], axis=0), _JOINED.join(digests[name]))
        for name in sorted(counts, key=lambda one: (clean_name(one, counts), one))
    }


def _tagged_files(folder: Path) -> Iterator[tuple[str, Path, Path]]:
    for gold in sorted(folder.glob(f"*{_GOLD}")):
        name = gold.name.removesuffix(_GOLD)
        yield name, gold, folder / f"{name}{_FOUND}"


def _answered_files(folder: Path) -> Iterator[tuple[str, Path, Path]]:
    for gold in sorted(folder.glob(f"{_QUESTIONS}*.json")):
        file = gold.name.removeprefix(_QUESTIONS)
        yield file.removesuffix(".json"), gold, folder / file


def _without_seed(name: str) -> str:
    """Return `es.typos` for `es.typos.0`; `es.2` is the second test set of a language."""
    rest, _, last = name.rpartition(".")
    return rest if "." in rest and last.isdecimal() else name


def clean_name(name: str, names: Collection[str]) -> str:
    """Return the clean set of a perturbed one; of a clean one, itself.

    Args:
        name: of a set, without the seed of the perturbation.
        names: all sets.
    """
    rest, _, last = name.rpartition(".")
    return rest if rest in names and not last.isdecimal() else name


def _count(gold: Path, found: Path, name: str, labels: Collection[str] | None) -> Counts:
    language = name.split(".")[0]
    pairs = Conll().read(gold, language), Conll().read(found, language)
    return count_tagged(*map(tuple, pairs), labels=labels, path=found)


def count_tagged(
    gold: Sequence[Sentence],
    found: Sequence[Sentence],
    *,
    labels: Collection[str] | None = None,
    path: Path | None = None,
) -> Counts:
    """Count correct, predicted and gold entities of every sentence, shape (sentences, 3).

    Args:
        gold: sentences with gold entities.
        found: the same sentences with what was found.
        labels: classes to count; None counts all.
        path: of what was found, for the message.

    Raises:
        DataError: the sentences are not the same (code not-parallel).
    """
    if [one.words for one in gold] != [one.words for one in found]:
        raise DataError(
            "predictions must be for the gold sentences, got others",
            code="not-parallel",
            path=None if path is None else str(path),
        )
    return count_by_sentence(
        [
            GoldSentence(keep_labels(one.spans, labels), keep_labels(other.spans, labels))
            for one, other in zip(gold, found, strict=True)
        ]
    )


def _count_answers(gold: Path, found: Path, name: str) -> Counts:
    # The set is named by its languages; that of the contexts, and so of the answers, is first.
    language = name.split(".")[0].split("-")[0]
    questions = all_questions(read_squad(gold))
    return answer_counts(score_each(questions, read_predictions(found), language))
