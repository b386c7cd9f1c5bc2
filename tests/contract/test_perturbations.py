"""Laws of every registered perturbation, of sentences and of questions."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from core.errors import ConfigError
from core.perturbations import PERTURBATIONS, Perturbation, PerturbedSet
from core.perturbations.p2 import P2
from core.question_perturbations import (
    QUESTION_PERTURBATIONS,
    Languages,
    PerturbedQuestions,
    QuestionPerturbation,
)
from core.questions import Answer, Context, Question, all_questions
from core.text.char_spans import CharSpan, sentence_from_text
from core.types import Sentence
from tests.builders import need, sentence

GOLDEN = ("b_per", "case", "diacritics", "loc", "p1", "p2", "p3", "script", "typos")
QUESTION_GOLDEN = ("distractors", "entity_swap", "typos")
# What makes each one change as much as it can.
STRONG = {"typos": {"share": 1}}


@pytest.fixture(params=PERTURBATIONS.names())
def name(request: pytest.FixtureRequest) -> str:
    need(PERTURBATIONS, request.param)
    return str(request.param)


@pytest.fixture(params=QUESTION_PERTURBATIONS.names())
def question_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(autouse=True)
def embed_by_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give words vectors without a model: how often each of some letters occurs."""

    def embed(self: P2, words: Sequence[str]) -> NDArray[np.float32]:
        letters = "aeionrstlm"
        counts = [[word.lower().count(letter) for letter in letters] for word in words]
        return np.array(counts, dtype=np.float32) + 0.01

    monkeypatch.setattr(P2, "embed", embed)


def labelled(text: str, language: str, **entities: str) -> Sentence:
    """Split a text; entities are given as LABEL_number=what it covers."""
    spans = [
        CharSpan(text.index(covered), text.index(covered) + len(covered), key.split("_")[0])
        for key, covered in entities.items()
    ]
    return sentence_from_text(text, language, char_spans=spans)


def _test_set() -> list[Sentence]:
    return [
        sentence("Ana Mendes flew to New York yesterday .", "en", (0, 2, "PER"), (4, 6, "LOC")),
        sentence("Berlin welcomed Klaus Novak today .", "en", (0, 1, "LOC"), (2, 4, "PER")),
        sentence("Nothing of that kind happened here", "en"),
        sentence("", "en"),
        labelled("José «Pepe» Núñez vive en León, ¿no?", "es", PER="José", LOC="León"),
        labelled("Đuro Ćosić je stigao u Čakovec .", "hr", PER="Đuro Ćosić", LOC="Čakovec"),
        labelled("زار أحمد الخطيب مدينة دمشق أمس 😀", "ar", PER="أحمد الخطيب", LOC="دمشق"),
        labelled("王小明昨天在北京工作。", "zh", PER="王小明", LOC="北京"),
        labelled("约翰·史密斯喜欢上海的天气。", "zh", PER="约翰·史密斯", LOC="上海"),
        labelled("नमस्ते दिल्ली में अमित शर्मा", "hi", LOC="दिल्ली", PER="अमित शर्मा"),
        labelled("Ọlá\u0301 wà ní Èkó 👩‍👩‍👧 !", "yo", PER="Ọlá\u0301", LOC="Èkó"),
        labelled("Аня Петрова живёт в Москве .", "ru", PER="Аня Петрова", LOC="Москве"),
    ]


def _training() -> list[Sentence]:
    return [
        sentence("He flew to Berlin with Peter Pan today .", "en", (3, 4, "LOC"), (5, 7, "PER")),
        sentence("Carmen Ruiz vive en León", "es", (0, 2, "PER"), (4, 5, "LOC")),
        labelled("他昨天在北京工作。", "zh", LOC="北京"),
        labelled("Он живёт в Москве", "ru", LOC="Москве"),
    ]


def _perturb(name: str, seed: int = 1, training: Sequence[Sentence] | None = None) -> PerturbedSet:
    perturbation = PERTURBATIONS.create(name, STRONG.get(name))
    assert isinstance(perturbation, Perturbation)
    chosen = _training() if training is None else training
    return perturbation.perturb(_test_set(), training=chosen, seed=seed)


def test_the_families_hold_what_is_written_down() -> None:
    assert PERTURBATIONS.names() == GOLDEN
    assert QUESTION_PERTURBATIONS.names() == QUESTION_GOLDEN


@pytest.mark.parametrize("registry", [PERTURBATIONS, QUESTION_PERTURBATIONS])
def test_each_is_described_and_its_parameters_fit_a_form(registry: object) -> None:
    assert registry in (PERTURBATIONS, QUESTION_PERTURBATIONS)
    for one in registry.names():  # type: ignore[attr-defined]
        cls = registry.get(one)  # type: ignore[attr-defined]
        assert cls.__doc__
        assert not cls.__doc__.startswith(cls.__name__ + "(")
        for parameter in registry.parameters(one):  # type: ignore[attr-defined]
            assert parameter.help, parameter.name
            if parameter.kind != "text":
                with pytest.raises(ConfigError, match=parameter.name):
                    registry.create(one, {parameter.name: "no such"})  # type: ignore[attr-defined]


def test_the_seed_decides(name: str) -> None:
    assert _perturb(name) == _perturb(name)
    if name in ("b_per", "loc", "typos"):
        assert len({_perturb(name, seed).sentences for seed in range(5)}) > 1


def test_something_is_changed(name: str) -> None:
    assert _perturb(name).changes


def test_labels_are_carried_and_all_else_is_the_same(name: str) -> None:
    before = _test_set()
    check(before, _perturb(name))


def check(before: Sequence[Sentence], found: PerturbedSet) -> None:
    """Check what must hold of every perturbed set."""
    assert len(found.sentences) == len(before)
    touched = {change.sentence for change in found.changes}
    told = [one.sentence for one in found.unchanged]
    assert sorted([*touched, *told]) == list(range(len(before)))
    assert all(one.reason for one in (*found.unchanged, *found.changes))
    for place, (old, new) in enumerate(zip(before, found.sentences, strict=True)):
        changes = [change for change in found.changes if change.sentence == place]
        assert (old.id, old.language, old.line) == (new.id, new.language, new.line)
        assert [span.label for span in old.spans] == [span.label for span in new.spans]
        # Taking the listed changes back gives the old words, so nothing else is different.
        words = list(new.words)
        owner_old, owner_new = _owners(old), _owners(new)
        for change in reversed(changes):
            assert change.before == old.words[change.start : change.end]
            assert change.after == new.words[change.new_start : change.new_end]
            assert change.before != change.after
            inside = {owner_old[i] for i in range(change.start, change.end)}
            assert len(inside) == 1
            assert {owner_new[i] for i in range(change.new_start, change.new_end)} == inside
            owner = inside.pop()
            assert change.label == ("" if owner is None else old.spans[owner].label)
            words[change.new_start : change.new_end] = change.before
            owner_new[change.new_start : change.new_end] = [owner] * len(change.before)
        assert tuple(words) == old.words
        assert owner_new == owner_old
        _check_text(old, new, unchanged=not changes)


def _owners(one: Sentence) -> list[int | None]:
    owner: list[int | None] = [None] * len(one.words)
    for place, span in enumerate(one.spans):
        owner[span.start : span.end] = [place] * len(span)
    return owner


def _check_text(old: Sentence, new: Sentence, *, unchanged: bool) -> None:
    position = 0
    for word, (start, end) in zip(new.words, new.char_offsets, strict=True):
        assert word
        assert position <= start
        assert new.text[start:end] == word
        assert not any(map(str.isspace, word))
        position = end
    if unchanged:
        assert new == old


def test_nothing_to_perturb(name: str) -> None:
    assert PERTURBATIONS.create(name).perturb((), training=(), seed=0) == PerturbedSet(())


def test_without_training(name: str) -> None:
    found = _perturb(name, training=())
    check(_test_set(), found)
    if PERTURBATIONS.get(name).needs_training:
        assert not found.changes
        assert "there are no training sentences" in {one.reason for one in found.unchanged}
    else:
        assert found.changes


def test_sentences_without_entities(name: str) -> None:
    bare = [dataclasses.replace(one, spans=()) for one in _test_set()]
    found = PERTURBATIONS.create(name, STRONG.get(name)).perturb(bare, training=_training(), seed=0)
    check(bare, found)
    assert bool(found.changes) == (name not in ("b_per", "loc", "p1"))


def test_other_spacing_stays(name: str) -> None:
    spaced = [
        labelled("Ana  Mendes\u00a0is in\tNew  York (today).", "en", PER="Ana", LOC="New  York"),
        labelled("Klaus was in Berlin", "en", PER="Klaus", LOC="Berlin"),
    ]
    found = PERTURBATIONS.create(name, STRONG.get(name)).perturb(
        spaced, training=_training(), seed=3
    )
    check(spaced, found)
    assert found.sentences[0].text.endswith(").")
    assert "\u00a0" in found.sentences[0].text


# Questions


def _contexts() -> list[Context]:
    def context(text: str, question: str, *answers: str) -> Context:
        found = tuple(Answer(answer, text.index(answer)) for answer in answers)
        return Context(text, (Question(f"q{len(text)}", question, found),), "title")

    return [
        context(
            "Alice met Bob in Chicago in 1990 😀. They left for Lima.",
            "Where did Alice meet Bob, in Chicago or Lima?",
            "Chicago",
            "in Chicago in 1990 😀",
        ),
        context("Nobody met anyone in Leeds in 1991. It rained.", "Where in Leeds?", "Leeds in"),
        context("Two words. Denver is a town.", "Is it New Zealand?", "Denver"),
        Context("Without questions. Oxford.", ()),
    ]


def _ask(name: str, seed: int = 1) -> PerturbedQuestions:
    perturbation = QUESTION_PERTURBATIONS.create(name, STRONG.get(name))
    assert isinstance(perturbation, QuestionPerturbation)
    return perturbation.perturb(
        _contexts(), languages=Languages("en", "en"), training=_training(), seed=seed
    )


def test_the_seed_decides_on_questions(question_name: str) -> None:
    assert _ask(question_name) == _ask(question_name)
    if question_name != "distractors":
        assert len({_ask(question_name, seed).contexts for seed in range(5)}) > 1


def test_answers_stand_and_the_changes_are_all(question_name: str) -> None:
    check_questions(_contexts(), _ask(question_name))


def check_questions(before: Sequence[Context], found: PerturbedQuestions) -> None:
    """Check what must hold of every perturbed set of questions."""
    assert len(found.contexts) == len(before)
    assert found.changes
    for old, new in zip(before, found.contexts, strict=True):
        assert [(one.id, len(one.answers)) for one in old.questions] == [
            (one.id, len(one.answers)) for one in new.questions
        ]
        for question in new.questions:
            for answer in question.answers:
                assert answer.text
                assert new.text[answer.char_start : answer.char_end] == answer.text
    for place, (old, new) in enumerate(zip(before, found.contexts, strict=True)):
        assert _taken_back(found, place, "", new.text) == old.text
        for one, other in zip(old.questions, new.questions, strict=True):
            assert _taken_back(found, place, one.id, other.text) == one.text


def _taken_back(found: PerturbedQuestions, place: int, question_id: str, text: str) -> str:
    changes = [
        change
        for change in found.changes
        if (change.context, change.question_id) == (place, question_id)
    ]
    for change in reversed(changes):
        end = change.new_char_start + len(change.after)
        assert text[change.new_char_start : end] == change.after
        text = text[: change.new_char_start] + change.before + text[end:]
    return text


def test_no_questions_to_perturb(question_name: str) -> None:
    found = QUESTION_PERTURBATIONS.create(question_name).perturb(
        (), languages=Languages("de", "de"), training=(), seed=0
    )
    assert found == PerturbedQuestions(())
    alone = [Context("One sentence.", ())]
    kept = QUESTION_PERTURBATIONS.create(question_name).perturb(
        alone, languages=Languages("en", "en"), training=(), seed=0
    )
    assert kept.contexts == tuple(alone)
    assert not kept.changes
    assert not all_questions(kept.contexts)
