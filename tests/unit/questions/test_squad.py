"""SQuAD 1.1 files: what is read, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.errors import ConfigError, DataError
from core.questions import Answer, Context, Question, all_questions, first_questions
from core.questions import _json as limits
from core.questions.pairings import pairings_in
from core.questions.squad import BadQuestion, read_predictions, read_squad

Change = Callable[[dict[str, Any]], None]


def qa(name: str, text: str, start: int) -> dict[str, Any]:
    return {"id": name, "question": "Wo?", "answers": [{"text": text, "answer_start": start}]}


def squad(*paragraphs: dict[str, Any]) -> dict[str, Any]:
    return {"version": "1.1", "data": [{"title": "Zoo", "paragraphs": list(paragraphs)}]}


def write(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def paragraph() -> dict[str, Any]:
    return {"context": "🦁 in Köln", "qas": [qa("a", "Köln", 5), qa("b", "🦁 in", 0)]}


def test_contexts_questions_and_answers(tmp_path: Path) -> None:
    contexts = read_squad(write(tmp_path / "gold.json", squad(paragraph())))
    questions = (
        Question("a", "Wo?", (Answer("Köln", 5),)),
        Question("b", "Wo?", (Answer("🦁 in", 0),)),
    )
    assert contexts == (Context("🦁 in Köln", questions, "Zoo"),)
    assert all_questions(contexts) == questions
    answer = questions[0].answers[0]
    assert contexts[0].text[answer.char_start : answer.char_end] == "Köln"


def test_several_answers_keep_their_order_and_repeats(tmp_path: Path) -> None:
    item = qa("a", "Köln", 5)
    item["answers"] = [*item["answers"], {"text": "in", "answer_start": 2}, *item["answers"]]
    (context,) = read_squad(
        write(tmp_path / "g.json", squad({"context": "🦁 in Köln", "qas": [item]}))
    )
    assert [a.text for a in context.questions[0].answers] == ["Köln", "in", "Köln"]


def test_a_byte_order_mark_and_a_missing_title_do_not_matter(tmp_path: Path) -> None:
    content = squad(paragraph())
    del content["data"][0]["title"]
    path = tmp_path / "g.json"
    path.write_text(json.dumps(content, indent=1), encoding="utf-8-sig")
    assert read_squad(path)[0].title == ""


def test_an_offset_in_another_unit_is_named_with_the_right_one(tmp_path: Path) -> None:
    path = write(
        tmp_path / "g.json", squad({"context": "🦁 in Köln", "qas": [qa("q7", "Köln", 6)]})
    )
    with pytest.raises(DataError) as caught:
        read_squad(path)
    assert caught.value.code == "bad-annotation"
    assert caught.value.path == str(path)
    assert "question 'q7'" in caught.value.message
    assert "must stand at character 6 of its context, got 'öln'" in caught.value.message
    assert caught.value.hint == "it stands at character 5"


def change(key: str, value: object) -> Change:
    return lambda item: item.update({key: value})


def change_answer(key: str, value: object) -> Change:
    return lambda item: item["answers"][0].update({key: value})


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (change("id", 7), "bad-line"),
        (change("id", ""), "bad-line"),
        (change("id", "a"), "bad-value"),
        (change("question", None), "bad-line"),
        (change("question", "\ud800"), "not-utf8"),
        (change("answers", []), "bad-annotation"),
        (change("answers", None), "bad-annotation"),
        (change("answers", [3]), "bad-annotation"),
        (change_answer("answer_start", -4), "bad-annotation"),
        (change_answer("answer_start", 10**9), "bad-annotation"),
        (change_answer("answer_start", True), "bad-annotation"),
        (change_answer("answer_start", "0"), "bad-annotation"),
        (change_answer("text", ""), "bad-annotation"),
        (change_answer("text", 3), "bad-line"),
    ],
)
def test_a_bad_question_is_refused_or_set_aside(damage: Change, code: str, tmp_path: Path) -> None:
    content = squad(paragraph())
    damage(content["data"][0]["paragraphs"][0]["qas"][1])
    path = write(tmp_path / "g.json", content)
    with pytest.raises(DataError) as caught:
        read_squad(path)
    assert (caught.value.code, caught.value.path) == (code, str(path))
    bad: list[BadQuestion] = []
    contexts = read_squad(path, skip_bad=bad)
    assert [item.id for item in all_questions(contexts)] == ["a"]
    assert [(item.code, item.path) for item in bad] == [(code, str(path))]


def test_a_broken_context_costs_its_questions_only(tmp_path: Path) -> None:
    bad: list[BadQuestion] = []
    broken = {"context": None, "qas": [qa("x", "Köln", 5), qa("y", "Köln", 5)]}
    path = write(tmp_path / "g.json", squad(broken, {"context": 3}, paragraph()))
    assert [item.id for item in all_questions(read_squad(path, skip_bad=bad))] == ["a", "b"]
    # The context without questions is told twice: no list of them, and no text.
    assert [item.question_id for item in bad] == ["x", "y", "", ""]


@pytest.mark.parametrize(
    "content", [{}, {"data": {}}, {"data": [1]}, {"data": [{"paragraphs": 3}]}, squad({"qas": 1})]
)
def test_another_form_is_no_squad(content: object, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_squad(write(tmp_path / "g.json", content))
    assert caught.value.code == "bad-line"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "bad-line"),
        (b"[]", "bad-line"),
        (b'{"data": [', "bad-line"),
        (b"[" * 200_000, "bad-line"),
        (b'{"a":' * 200_000, "bad-line"),
        (b'{"data": ' + b"9" * 10_000 + b"}", "bad-line"),
        (b'{"data": "\xff"}', "not-utf8"),
        (b"\xff\xfe{\x00}\x00", "not-utf8"),
        (b'{"data": [], "data": []}', "bad-value"),
    ],
)
def test_damaged_files(raw: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "g.json"
    path.write_bytes(raw)
    for read in (read_squad, read_predictions):
        with pytest.raises(DataError) as caught:
            read(path)
        assert (caught.value.code, caught.value.path) == (code, str(path))


def test_a_file_cut_anywhere_is_refused(tmp_path: Path) -> None:
    raw = json.dumps(squad(paragraph()), ensure_ascii=False).encode()
    path = tmp_path / "g.json"
    for end in range(len(raw)):
        path.write_bytes(raw[:end])
        with pytest.raises(DataError):
            read_squad(path, skip_bad=[])


def test_missing_and_huge_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(DataError) as caught:
            read_squad(path)
        assert caught.value.code == "file-not-found"
    monkeypatch.setattr(limits, "MAX_BYTES", 10)
    with pytest.raises(DataError) as caught:
        read_squad(write(tmp_path / "g.json", squad(paragraph())))
    assert caught.value.code == "too-large"


def test_predictions(tmp_path: Path) -> None:
    path = write(tmp_path / "p.json", {"b": "Köln", "a": ""})
    assert read_predictions(path) == {"b": "Köln", "a": ""}


@pytest.mark.parametrize(
    ("answer", "code"),
    [(None, "bad-value"), (3, "bad-value"), (["x"], "bad-value"), ("\udc00", "not-utf8")],
)
def test_a_prediction_must_be_a_text(answer: object, code: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="question 'b'") as caught:
        read_predictions(write(tmp_path / "p.json", {"a": "x", "b": answer}))
    assert caught.value.code == code


def test_pairings_of_a_folder(tmp_path: Path) -> None:
    for name in ("dev-context-de-question-en", "dev-context-de-question-de", "other"):
        (tmp_path / f"{name}.json").touch()
    found = pairings_in(tmp_path)
    assert [(item.context, item.question) for item in found] == [("de", "de"), ("de", "en")]
    assert [item.is_monolingual for item in found] == [True, False]
    (tmp_path / "test-context-de-question-de.json").touch()
    assert len(pairings_in(tmp_path, split="test")) == 1
    with pytest.raises(ConfigError, match="dev, test"):
        pairings_in(tmp_path)
    with pytest.raises(DataError, match="train-context") as caught:
        pairings_in(tmp_path, split="train")
    assert caught.value.code == "missing-corpus"


@pytest.mark.parametrize(
    ("limit", "kept"), [(None, [2, 3]), (9, [2, 3]), (4, [2, 2]), (2, [2]), (1, [1]), (0, [])]
)
def test_the_first_questions_are_exactly_so_many(limit: int | None, kept: list[int]) -> None:
    contexts = [
        Context(str(size), tuple(Question(f"{size}.{n}", "Wo?", ()) for n in range(size)))
        for size in (2, 0, 3)
    ]
    found = first_questions(contexts, limit)
    assert [len(one.questions) for one in found] == kept
    assert all_questions(found) == all_questions(contexts)[: sum(kept)]
