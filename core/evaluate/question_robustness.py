"""Answers to questions, clean and under perturbations, over pairings of languages.

Paper: Lewis et al. 2020, MLQA, arXiv:1910.07475, sections 4 and 5 (the metric; XLT and G-XLT).
Departs: none for the figures; the drop is tested with the Multi-Bootstrap over questions and the
seeds of the perturbation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.evaluate.qa import AnswerScore, QaScore, answer_counts, mean_score, score_each
from core.evaluate.seeds import Spread, compare_two, spread_of
from core.evaluate.significance import DEFAULT, Bootstrap, Comparison
from core.question_perturbations import Languages, QuestionPerturbation
from core.questions import Context, all_questions
from core.types import Sentence


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions about contexts.

    Attributes:
        name: tells it from others.
        languages: of contexts and questions.
        contexts: with questions and gold answers.
    """

    name: str
    languages: Languages
    contexts: tuple[Context, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be answered.

    Attributes:
        name: of the question set.
        languages: of contexts and questions.
        perturbation: empty for the clean set.
        seed: of the perturbation; None for the clean set.
        contexts: with questions as they are asked.
    """

    name: str
    languages: Languages
    perturbation: str
    seed: int | None
    contexts: tuple[Context, ...]

    @property
    def file_name(self) -> str:
        """Return what a file of predictions for it is called."""
        parts = [self.name] if not self.perturbation else [self.name, self.perturbation]
        return ".".join([*parts, *([] if self.seed is None else [str(self.seed)]), "json"])


class Answers(Protocol):
    """Answers questions: a model, or a folder of predictions."""

    def __call__(self, asked: Asked) -> Mapping[str, str] | None:
        """Return question id → text; None where there are no answers to this set."""
        ...


@dataclass(frozen=True, slots=True)
class PerturbedAnswers:
    """Scores under one perturbation.

    Attributes:
        by_seed: seed → score.
        f1: mean and spread over seeds, 0 to 100.
        exact_match: the same of exact match.
        drop: F1 of the clean set against the perturbed ones, as shares of 1; its difference is
            negative where F1 fell.
    """

    by_seed: Mapping[int, QaScore]
    f1: Spread
    exact_match: Spread
    drop: Comparison

    def as_dict(self) -> dict[str, Any]:
        """Return the value, ready for JSON."""
        return {
            "f1": self.f1.as_dict(),
            "exact_match": self.exact_match.as_dict(),
            "drop_points": self.drop.points_lost,
            "drop_percent": self.drop.percent_lost,
            "test": self.drop.as_dict(),
            "by_seed": {str(seed): score.as_dict() for seed, score in self.by_seed.items()},
        }


@dataclass(frozen=True, slots=True)
class QuestionRobustness:
    """Scores on one question set.

    Attributes:
        test: the clean set.
        clean: scores on it.
        perturbed: perturbation → scores.
        unanswered: perturbations without answers to all their sets.
    """

    test: QuestionSet
    clean: QaScore
    perturbed: Mapping[str, PerturbedAnswers]
    unanswered: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the value, ready for JSON."""
        return {
            "context": self.test.languages.context,
            "question": self.test.languages.question,
            "clean": self.clean.as_dict(),
            "perturbed": {name: one.as_dict() for name, one in self.perturbed.items()},
            "unanswered": list(self.unanswered),
        }


@dataclass(frozen=True)
class Questioning:
    """How a model that answers is examined.

    Attributes:
        answers: the model.
        perturbations: by name.
        training: labelled sentences that names can be taken from.
        seeds: of the perturbations.
        bootstrap: how to resample.
        keep: is given every set with the answers to it.
    """

    answers: Answers
    perturbations: Mapping[str, QuestionPerturbation] = field(default_factory=dict)
    training: Sequence[Sentence] = ()
    seeds: Sequence[int] = (0,)
    bootstrap: Bootstrap = DEFAULT
    keep: Callable[[Asked, Mapping[str, str]], None] | None = None

    def run(
        self, test: QuestionSet, progress: Callable[[int, int], None] | None = None
    ) -> QuestionRobustness | None:
        """Examine on one question set.

        Args:
            test: with gold answers.
            progress: called with (done, total) after each perturbation.

        Returns:
            None where there are no answers to the clean set.

        Raises:
            DataError: answers to questions that were not asked (code not-parallel), or a set
                without questions (missing-gold).
        """
        clean = self._score(Asked(test.name, test.languages, "", None, test.contexts))
        if clean is None:
            return None
        perturbed: dict[str, PerturbedAnswers] = {}
        unanswered = []
        for done, (name, perturbation) in enumerate(self.perturbations.items(), start=1):
            found = self._by_seed(test, name, perturbation)
            if found is None:
                unanswered.append(name)
            else:
                perturbed[name] = self._compared(name, clean, found)
            if progress is not None:
                progress(done, len(self.perturbations))
        return QuestionRobustness(test, mean_score(clean), perturbed, tuple(unanswered))

    def _by_seed(
        self, test: QuestionSet, name: str, perturbation: QuestionPerturbation
    ) -> dict[int, tuple[AnswerScore, ...]] | None:
        found = {}
        for seed in self.seeds:
            made = perturbation.perturb(
                test.contexts, languages=test.languages, training=self.training, seed=seed
            )
            scores = self._score(Asked(test.name, test.languages, name, seed, made.contexts))
            if scores is None:
                return None
            found[seed] = scores
        return found

    def _score(self, asked: Asked) -> tuple[AnswerScore, ...] | None:
        answers = self.answers(asked)
        if answers is None:
            return None
        scores = score_each(all_questions(asked.contexts), answers, asked.languages.context)
        if self.keep is not None:
            self.keep(asked, answers)
        return scores

    def _compared(
        self,
        name: str,
        clean: Sequence[AnswerScore],
        by_seed: Mapping[int, Sequence[AnswerScore]],
    ) -> PerturbedAnswers:
        means = {seed: mean_score(scores) for seed, scores in by_seed.items()}
        return PerturbedAnswers(
            means,
            spread_of([one.f1 for one in means.values()]),
            spread_of([one.exact_match for one in means.values()]),
            compare_two(
                ("clean", {"clean": answer_counts(clean)}),
                (name, {f"{name} {seed}": answer_counts(one) for seed, one in by_seed.items()}),
                bootstrap=self.bootstrap,
            ),
        )
