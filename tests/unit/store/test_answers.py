"""Answers fit their sentence, or are refused."""

from __future__ import annotations

import json

import pytest

from core.errors import DataError, StoreError
from core.store.answers import NO_ANSWER, Answer, AnswerSpan, check_answer, read, written
from core.types import Span
from tests.builders import sentence
from tests.stores import said

TARGET = sentence("a b c d", "de")


def spans(*ends: tuple[int, int]) -> Answer:
    return Answer("accepted", tuple(AnswerSpan(start, end, "PER") for start, end in ends))


@pytest.mark.parametrize("answer", [NO_ANSWER, said(), spans((0, 1), (1, 4)), spans((0, 4))])
def test_what_fits(answer: Answer) -> None:
    check_answer(answer, TARGET)
    assert read(written(answer)) == answer


@pytest.mark.parametrize(
    "ends",
    [[(0, 5)], [(0, 2), (1, 3)], [(2, 3), (0, 1)], [(1, 1)], [(2, 1)], [(-1, 1)], [(4, 5)]],
)
def test_spans_that_do_not_fit(ends: list[tuple[int, int]]) -> None:
    with pytest.raises(DataError) as caught:
        check_answer(spans(*ends), TARGET)
    assert caught.value.code == "bad-annotation"


def test_a_status_that_is_none() -> None:
    with pytest.raises(DataError, match="accepted") as caught:
        check_answer(Answer("done"), TARGET)  # type: ignore[arg-type]
    assert caught.value.code == "bad-value"


def test_spans_without_their_entities() -> None:
    assert spans((0, 1), (2, 4)).plain_spans == (Span(0, 1, "PER"), Span(2, 4, "PER"))


def test_what_is_written_is_ascii() -> None:
    text = written(Answer(note="\0 \ud800 é"))
    assert text.isascii()
    assert "\0" not in text


@pytest.mark.parametrize(
    "change",
    [
        {"spans": None},
        {"spans": [[0, 1]]},
        {"spans": [3]},
        {"added": [[2, 1, "PER"]]},
        {"dropped": 3},
        {"edits": {"added": []}},
        {"edits": [1]},
        None,
    ],
)
def test_what_cannot_be_read_is_told(change: dict[str, object] | None) -> None:
    plain = NO_ANSWER.as_dict() | change if change else [1]
    with pytest.raises(StoreError) as caught:
        read(json.dumps(plain))
    assert caught.value.code == "store-damaged"
    with pytest.raises(StoreError):
        read("nonsense")
