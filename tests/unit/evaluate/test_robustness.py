"""Models on clean and perturbed test sets, with taggers that know what they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from core.evaluate.question_robustness import (
    Asked,
    Questioning,
    QuestionSet,
)
from core.evaluate.robustness import Examination, GoldSet, Robustness, TaggedSet
from core.evaluate.significance import Bootstrap
from core.perturbations import PERTURBATIONS
from core.question_perturbations import QUESTION_PERTURBATIONS, Languages
from core.questions import Answer, Context, Question
from core.types import Labelling, Sentence
from tests.builders import sentence

FAST = Bootstrap(resamples=200)
TEST = tuple(
    sentence(f"{name} went to {place}", "en", (0, 1, "PER"), (3, 4, "LOC"))
    for name in ("Anna", "Bertha", "Clara", "Dora")
    for place in ("Rome", "Paris")
)


def by_heart(sentences: Sequence[Sentence]) -> list[Labelling]:
    """Find the names that it knows, as they are written."""
    known = {"Anna", "Bertha", "Clara", "Dora", "Rome", "Paris"}
    return [
        Labelling(tuple(span for span in one.spans if one.words[span.start] in known))
        for one in sentences
    ]


def by_place(sentences: Sequence[Sentence]) -> list[Labelling]:
    """Find whatever stands where a name belongs."""
    return [Labelling(one.spans) for one in sentences]


def examined(tag: object, *names: str, **more: object) -> Robustness:
    made = {name: PERTURBATIONS.create(name) for name in names}
    examination = Examination(tag, made, bootstrap=FAST, **more)  # type: ignore[arg-type]
    return examination.run(GoldSet("en", "en", TEST))


def test_who_learnt_by_heart_loses_all_and_who_did_not_loses_nothing() -> None:
    lost = examined(by_heart, "case").perturbed["case"]
    assert (lost.drop.points_lost, lost.drop.percent_lost, lost.f1.mean) == (100.0, 100.0, 0.0)
    assert lost.drop.p_two_sided < 0.01
    kept = examined(by_place, "case").perturbed["case"]
    assert (kept.drop.points_lost, kept.drop.percent_lost, kept.f1.mean) == (0.0, 0.0, 1.0)
    assert kept.drop.p_two_sided == 1.0


def test_a_part_is_lost_by_class() -> None:
    found = examined(by_heart, "loc", seeds=(0, 1, 2))
    per_label = found.perturbed["loc"].by_seed[0].report.per_label
    assert per_label["PER"].f1 == 1.0
    assert per_label["LOC"].f1 < 1.0
    assert found.perturbed["loc"].f1.seeds == 3
    assert found.perturbed["loc"].by_seed[0].changes == len(TEST)


def test_equal_sets_are_tagged_once() -> None:
    calls: list[int] = []
    kept: list[TaggedSet] = []

    def counting(sentences: Sequence[Sentence]) -> list[Labelling]:
        calls.append(len(sentences))
        return by_heart(sentences)

    # Lower case is the same for every seed; nothing here has diacritics: that set is the clean one.
    examined(counting, "case", "diacritics", seeds=(0, 1), keep=kept.append)
    assert calls == [8, 8]
    assert [(one.perturbation, one.seed) for one in kept] == [
        *(("", None), ("case", 0), ("case", 1), ("diacritics", 0), ("diacritics", 1)),
    ]


def test_a_sentence_that_stays_as_it_was_is_tagged_once() -> None:
    calls: list[int] = []

    def counting(sentences: Sequence[Sentence]) -> list[Labelling]:
        calls.append(len(sentences))
        return by_place(sentences)

    test = GoldSet("en", "en", (*TEST, sentence("it rains"), sentence("it rains")))
    made = {"case": PERTURBATIONS.create("case")}
    found = Examination(counting, made, bootstrap=FAST).run(test)
    assert calls == [9, 8]
    assert found.perturbed["case"].f1.mean == 1.0


def test_overlap_and_labels() -> None:
    found = examined(by_heart, training=[sentence("Anna", "en", (0, 1, "PER"))], labels=("PER",))
    assert found.clean.overlap is not None
    assert (found.clean.overlap.mentions, found.clean.overlap.seen) == (8, 2)
    assert list(found.clean.report.per_label) == ["PER"]
    assert examined(by_heart).clean.overlap is None


CONTEXTS = tuple(
    Context(
        f"The capital is {city}.",
        (
            Question(
                city, f"What is the capital of the country number {place}?", (Answer(city, 15),)
            ),
        ),
    )
    for place, city in enumerate(("Roma", "Lima", "Oslo"))
)


def questioned(answers: object, *names: str) -> object:
    made = {name: QUESTION_PERTURBATIONS.create(name) for name in names}
    questions = QuestionSet("en", Languages("en", "en"), CONTEXTS)
    return Questioning(answers, made, seeds=(0, 1), bootstrap=FAST).run(questions)  # type: ignore[arg-type]


def test_answers_under_perturbations() -> None:
    clean_texts = {question.text for one in CONTEXTS for question in one.questions}

    def literal(asked: Asked) -> Mapping[str, str]:
        return {
            question.id: question.answers[0].text if question.text in clean_texts else ""
            for one in asked.contexts
            for question in one.questions
        }

    found = questioned(literal, "typos", "distractors")
    assert found is not None
    assert (found.clean.f1, found.clean.exact_match) == (100.0, 100.0)  # type: ignore[attr-defined]
    assert found.perturbed["typos"].drop.points_lost > 0  # type: ignore[attr-defined]
    assert found.perturbed["distractors"].drop.points_lost == 0.0  # type: ignore[attr-defined]


def test_sets_without_answers_are_named_and_not_counted() -> None:
    def clean_only(asked: Asked) -> Mapping[str, str] | None:
        return {} if asked.file_name == "en.json" else None

    found = questioned(clean_only, "typos")
    assert found.unanswered == ("typos",)  # type: ignore[union-attr]
    assert found.clean.missing == 3  # type: ignore[union-attr]
    assert questioned(lambda asked: None) is None


@pytest.mark.parametrize(
    ("perturbation", "seed", "name"), [("", None, "es-en.json"), ("typos", 3, "es-en.typos.3.json")]
)
def test_names_of_files(perturbation: str, seed: int | None, name: str) -> None:
    assert Asked("es-en", Languages("es", "en"), perturbation, seed, ()).file_name == name
