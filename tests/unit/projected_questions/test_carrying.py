"""Answers carried onto translations, and what is said of those that were not."""

from __future__ import annotations

import pytest

from core.errors import BackendError, ConfigError
from core.methods import method
from core.projected_questions import ProjectedContext, Request
from core.projected_questions.carrying import Carrier
from core.projected_questions.translating import translate_each
from core.questions import Context
from tests.unit.projected_questions.builders import Backwards, carrier, context

REQUEST = Request("en", "es")


def carry(one: Context, translator: Backwards, name: str = "heuristic") -> ProjectedContext:
    own = carrier(name)
    cut = own.cut(one)
    return own.carry(cut, translate_each(translator, cut.texts(), REQUEST))


@pytest.mark.parametrize("name", ["heuristic", "ilp", "greedy"])
def test_every_answer_stands_at_its_offset(name: str) -> None:
    one = context("Ann saw Bob Lee. Cid left Rome.", a="Ann", b="Bob Lee", c="Rome", d="saw Bob")
    found = carry(one, Backwards(), name).context
    assert found is not None
    # Answers that overlap (b and d) are each projected by themselves.
    assert [one.answers[0].text for one in found.questions] == ["Ann", "Lee Bob", "Rome", "Bob saw"]
    for question in found.questions:
        for answer in question.answers:
            assert found.text.startswith(answer.text, answer.char_start)
    assert found.text == "Lee Bob saw Ann. Rome left Cid."
    assert found.questions[0].text == "a is who."
    assert found.title == "T"


def test_a_lost_answer_is_told_with_its_reason() -> None:
    one = context("Ann saw Bob. Cid left.", a="Ann", b=["Bob", "Ann"], c="Bob")
    found = carry(one, Backwards(renamed={"Bob": "Roberto"}))
    assert found.context is not None
    assert [question.id for question in found.context.questions] == ["a", "b"]
    assert [(fate.question_id, fate.place, fate.stage, fate.code) for fate in found.fates] == [
        ("a", 0, "", "chosen"),
        ("b", 0, "decide", "no-link"),
        ("b", 1, "", "chosen"),
        ("c", 0, "decide", "no-link"),
    ]


def test_a_context_that_cannot_be_translated_fails_as_a_whole() -> None:
    found = carry(context("Ann saw Bob. Cid left.", a="Ann", b="Cid"), Backwards(broken=("Cid",)))
    assert found.context is None
    assert {(one.stage, one.code) for one in found.fates} == {("translate", "text-refused")}
    assert [one.question_id for one in found.fates] == ["a", "b"]


def test_a_question_that_cannot_be_translated_fails_alone() -> None:
    found = carry(context("Ann saw Bob.", a="Ann", b="Bob"), Backwards(broken=("is b",)))
    assert found.context is not None
    assert [question.id for question in found.context.questions] == ["a"]
    assert [(one.stage, one.message) for one in found.fates][1] == ("question", "it broke off")


def test_an_empty_translation_is_a_failure() -> None:
    class Silent(Backwards):
        def _turn(self, text: str) -> str:
            return "" if "Cid" in text else text

    found = carry(context("Ann saw Bob. Cid left.", a="Ann"), Silent())
    assert found.context is None
    assert found.fates[0].code == "bad-value"


def test_a_missing_program_stops_everything() -> None:
    class Missing(Backwards):
        def translate(self, texts: object, *, source: str, target: str) -> list[str]:
            raise BackendError("no apertium", code="missing-package")

    with pytest.raises(BackendError, match="no apertium"):
        translate_each(Missing(), ["a", "b"], REQUEST)


def test_widened_answers_say_so() -> None:
    found = carry(context("The 1990s came.", a="1990"), Backwards())
    assert found.fates[0].text == "1990s"
    assert found.fates[0].message == "widened to whole words"


def test_equal_texts_are_translated_once() -> None:
    translator = Backwards()
    assert translate_each(translator, ["a b", "c", "a b"], REQUEST) == ["b a.", "c.", "b a."]
    assert translator.calls == [["a b", "c"]]


@pytest.mark.parametrize("name", ["markers", "model_transfer", "ensemble", "ilp_ner"])
def test_methods_that_cannot_carry_answers_are_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="to carry answers") as raised:
        Carrier.from_config(method(name), REQUEST)
    assert raised.value.code == "bad-config"
