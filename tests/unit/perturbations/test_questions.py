"""Perturbed questions and contexts."""

from __future__ import annotations

from pathlib import Path

from core.question_perturbations import Languages
from core.question_perturbations._splicing import Splice, crosses_an_answer, spliced_context
from core.question_perturbations._squad_file import write_squad
from core.question_perturbations.distractors import Distractors
from core.question_perturbations.entity_swap import EntitySwap
from core.question_perturbations.typos import Typos
from core.questions import Answer, Context, Question
from core.questions.squad import read_squad
from tests.builders import sentence

ENGLISH = Languages("en", "en")


def context(text: str, *asked: tuple[str, str]) -> Context:
    questions = tuple(
        Question(f"{len(text)}-{number}", question, (Answer(answer, text.index(answer)),))
        for number, (question, answer) in enumerate(asked)
    )
    return Context(text, questions)


def test_answers_move_and_grow_with_what_is_replaced() -> None:
    old = context("Ada lives in Rome now.", ("?", "in Rome"), ("?", "now"), ("?", "Ada"))
    new = spliced_context(old, [Splice(13, 17, "New York", "")])
    assert new.text == "Ada lives in New York now."
    assert [one.answers[0] for one in new.questions] == [
        Answer("in New York", 10),
        Answer("now", 22),
        Answer("Ada", 0),
    ]
    assert crosses_an_answer(old, 10, 14) is False
    assert crosses_an_answer(old, 12, 20)
    assert crosses_an_answer(old, 0, 9)


def test_a_name_changes_in_question_and_context() -> None:
    old = context(
        "Alice left Chicago. Alice went to Lima.",
        ("Where did Alice go?", "Lima"),
        ("What did ALICE leave?", "Chicago"),
    )
    training = [sentence("Zelda Fox", "en", (0, 2, "PER"))]
    found = EntitySwap(names="corpora", places=False).perturb(
        [old], languages=ENGLISH, training=training, seed=0
    )
    assert not found.changes  # Alice is in no corpus: nothing tells that it is a name
    known = [*training, sentence("Alice Roe", "en", (0, 2, "PER"))]
    found = EntitySwap(names="corpora", places=False).perturb(
        [old], languages=ENGLISH, training=known, seed=0
    )
    assert found.contexts[0].text == "Zelda left Chicago. Zelda went to Lima."
    assert [one.text for one in found.contexts[0].questions] == [
        "Where did Zelda go?",
        "What did ALICE leave?",
    ]
    assert found.contexts[0].questions[0].answers == (Answer("Lima", 34),)
    assert [one.reason for one in found.unchanged] == ["it shares no known name"]


def test_a_name_across_the_border_of_an_answer_stays() -> None:
    old = context("She went to New Zealand.", ("Is New Zealand new?", "New"))
    found = EntitySwap().perturb([old], languages=ENGLISH, training=(), seed=0)
    assert found.contexts == (old,)
    assert found.unchanged[0].reason == "a name crosses the border of an answer"


def test_an_answer_that_is_the_name_changes_with_it() -> None:
    old = context("She went to Lima.", ("Did she go to Lima?", "Lima"))
    (new,) = EntitySwap().perturb([old], languages=ENGLISH, training=(), seed=0).contexts
    answer = new.questions[0].answers[0]
    assert answer.text != "Lima"
    assert new.text == f"She went to {answer.text}."
    assert new.questions[0].text == f"Did she go to {answer.text}?"


def test_chinese_names_in_context_and_question() -> None:
    old = context("他昨天在上海工作。", ("谁在上海？", "他"))
    found = EntitySwap().perturb([old], languages=Languages("zh", "zh"), training=(), seed=0)
    (new,) = found.contexts
    assert "上海" not in new.text + new.questions[0].text
    assert new.questions[0].answers == (Answer("他", 0),)


def test_similar_sentences_distract() -> None:
    contexts = [
        context("The museum opened in 1901.", ("When did the museum open?", "1901")),
        context("A bird sings. The museum closed in 1950. It is blue.", ("Who sings?", "A bird")),
        context("In 1901 the museum burnt. Bread is cheap.", ("What is cheap?", "Bread")),
    ]
    found = Distractors().perturb(contexts, languages=ENGLISH, training=(), seed=0)
    # That of the third context holds the answer.
    assert found.contexts[0].text == "The museum opened in 1901. The museum closed in 1950."
    assert found.changes[0].char_start == len(contexts[0].text)
    first = Distractors(place="start").perturb(contexts, languages=ENGLISH, training=(), seed=0)
    assert first.contexts[0].text == "The museum closed in 1950. The museum opened in 1901."
    assert first.contexts[0].questions[0].answers == (Answer("1901", 48),)


def test_several_distractors_and_none() -> None:
    contexts = [context("One.", ("?", "One")), context("Two. Three.", ("?", "Two"))]
    found = Distractors(count=2, choose="random").perturb(
        contexts, languages=ENGLISH, training=(), seed=0
    )
    assert sorted(found.contexts[0].text.split()) == ["One.", "Three.", "Two."]
    alone = Distractors().perturb(contexts[:1], languages=ENGLISH, training=(), seed=0)
    assert alone.unchanged[0].reason == "no other context has a sentence without its answers"


def test_chinese_distractors_touch() -> None:
    contexts = [context("他来了。", ("?", "他")), context("我走了。", ("?", "我"))]
    found = Distractors().perturb(contexts, languages=Languages("zh", "zh"), training=(), seed=0)
    assert found.contexts[0].text == "他来了。我走了。"


def test_typos_in_questions_only() -> None:
    old = context("Rome is old.", ("Which city is old?", "Rome"))
    found = Typos(share=1, kind="deletion").perturb([old], languages=ENGLISH, training=(), seed=0)
    (new,) = found.contexts
    assert (new.text, new.questions[0].answers) == (old.text, old.questions[0].answers)
    assert [one.before for one in found.changes] == ["Which", "city", "old"]
    assert len(new.questions[0].text) == len("Which city is old?") - 3


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    contexts = (
        Context("Ada 😀 in Rom.", (Question("a", "Wo?", (Answer("Rom", 9),)),), "T"),
        Context("Nichts.", (), "T"),
        Context("中", (Question("b", "?", (Answer("中", 0), Answer("中", 0))),)),
    )
    write_squad(tmp_path / "q.json", contexts)
    assert read_squad(tmp_path / "q.json") == contexts
