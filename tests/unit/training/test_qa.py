"""Question answering: windows, training, and answers as text."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.config import ComponentChoice
from core.encoders.loading import fast_tokenizer
from core.errors import BackendError
from core.evaluate.qa import score_answers
from core.questions import Answer, Context, Question, all_questions
from core.training.answering import load_answerer
from core.training.loop import train
from core.training.methods import make_method
from core.training.qa import CONTEXT, QUESTION, SPECIAL, QaRecipe, QaTask, Windows, make_windows
from core.training.watching import Silent
from tests.unit.training.conftest import contexts

LONG = "ada saw the old town in rome the old town met ben in oslo"
CUT = Windows(longest=16, stride=3, longest_question=8)


def _asked(answer: str, place: int, question: str = "who met") -> list[Context]:
    return [Context(LONG, (Question("q", question, (Answer(answer, place),)),))]


def test_a_long_context_is_cut_into_windows_that_overlap(base: Path) -> None:
    tokenizer = fast_tokenizer(str(base))
    windows = make_windows(_asked("ben", LONG.index("ben")), tokenizer, CUT, with_answers=False)
    texts = []
    for window in windows:
        assert len(window.ids) <= CUT.longest
        assert list(window.owner).count(SPECIAL) == 4
        assert list(window.owner).count(QUESTION) == 2
        places = [n for n, whose in enumerate(window.owner) if whose == CONTEXT]
        texts.append([LONG[slice(*window.offsets[n])] for n in places])
    words = LONG.split()
    assert texts[0] == words[:10]
    assert texts[1] == words[7:]
    assert len(texts) == 2


def test_only_windows_that_hold_the_whole_answer_point_at_it(base: Path) -> None:
    tokenizer = fast_tokenizer(str(base))
    words = LONG.split()
    for first, last, inside in (
        (0, 0, [True, False]),
        (12, 12, [False, True]),
        (9, 10, [False, True]),
        (7, 8, [True, True]),
        (6, 7, [True, False]),
    ):
        answer = " ".join(words[first : last + 1])
        place = len(" ".join(words[:first])) + bool(first)
        found = make_windows(_asked(answer, place), tokenizer, CUT)
        assert [one.end > 0 for one in found] == inside, answer
        for window in found:
            ids = list(window.ids[window.start : window.end + 1])
            taught = "<s>" if not window.end else answer
            assert " ".join(tokenizer.convert_ids_to_tokens(ids)) == taught


def test_a_long_question_leaves_room_for_the_context(base: Path) -> None:
    tokenizer = fast_tokenizer(str(base))
    windows = make_windows(_asked("ben", LONG.index("ben"), "who " * 40), tokenizer, CUT)
    assert all(list(one.owner).count(QUESTION) == 8 for one in windows)
    assert any(one.end for one in windows)


def test_questions_that_lose_their_tail_are_counted_once(base: Path) -> None:
    (long,), (short,) = (_asked("ben", LONG.index("ben"), "who " * words) for words in (40, 4))
    recipe = QaRecipe(base=str(base), longest=20, longest_question=8)
    task = QaTask([([long, short], 1.0), ([short], 1.0)], recipe)
    parts = task.parts(fast_tokenizer(str(base)))
    assert len(parts[0].examples) > 2
    assert [part.cut for part in parts] == [1, 0]


@pytest.mark.parametrize("longest", [16, 17, 20])
def test_the_smallest_windows_overlap_by_less_than_they_hold(longest: int, base: Path) -> None:
    cut = QaRecipe(longest=longest).windows
    asked = _asked("ben", LONG.index("ben"), "who " * 40)
    windows = make_windows(asked, fast_tokenizer(str(base)), cut)
    assert all(len(one.ids) <= longest for one in windows)
    assert any(one.end for one in windows)


@pytest.mark.parametrize(
    "content", ["no JSON", "[]", '{"base": "b", "longest": null}', '{"longest": 32, "stride": 8}']
)
def test_a_damaged_description_is_told(content: str, tmp_path: Path) -> None:
    (tmp_path / "answerer.json").write_text(content)
    with pytest.raises(BackendError, match=r"described in .*answerer\.json") as caught:
        load_answerer(str(tmp_path), "cpu")
    assert caught.value.code == "model-unusable"


@pytest.mark.parametrize("weights", ["adapter", "full"])
def test_it_learns_and_the_saved_model_answers(weights: Any, base: Path, tmp_path: Path) -> None:
    recipe = QaRecipe(
        base=str(base), weights=weights, updates=50, batch=8, rank=8, learning_rate=0.01
    )
    recipe = replace(recipe, longest=32, precision="fp32", dropout=0.0)
    train(
        QaTask([(contexts(), 1.0)], recipe),
        recipe,
        make_method(ComponentChoice(name="plain")),
        folder=tmp_path,
        judge=None,
        watcher=Silent(),
    )
    described = json.loads((tmp_path / "answerer.json").read_text())
    (tmp_path / "answerer.json").write_text(json.dumps({**described, "made_by": "a later version"}))
    answerer = load_answerer(str(tmp_path), "cpu")
    assert answerer.windows == recipe.windows
    found = answerer.answer(contexts(4))
    score = score_answers(all_questions(contexts(4)), found, "en")
    assert score.exact_match == 100
    best = answerer.best(contexts(1), count=3)["who0"]
    assert best[0].text == "ada"
    assert best[0].char_start == 0
    assert [one.score for one in best] == sorted((one.score for one in best), reverse=True)
    assert len({one.text for one in best}) == len(best) == 3


def test_a_context_without_text_has_an_empty_answer(base: Path, tmp_path: Path) -> None:
    recipe = QaRecipe(base=str(base), updates=1, longest=32)
    train(
        QaTask([(contexts(1), 1.0)], recipe),
        recipe,
        make_method(ComponentChoice(name="plain")),
        folder=tmp_path,
        judge=None,
        watcher=Silent(),
    )
    empty = [Context(" ", (Question("q", "who", (Answer(" ", 0),)),))]
    assert load_answerer(str(tmp_path), "cpu").answer(empty) == {"q": ""}
    both = [*empty, *contexts(1)]
    found = load_answerer(str(tmp_path), "cpu").best(both, count=2)
    assert found["q"] == []
    assert len(found["who0"]) == 2
