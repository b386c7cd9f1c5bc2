"""JSON lines: our record and other tools' forms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.corpora import FORMATS, BadLines
from core.corpora.jsonl import Jsonl
from core.errors import DataError
from core.types import Sentence, Span
from tests.builders import sentence

ADA = {"words": ["Ada", "left"], "spans": [{"start": 0, "end": 1, "label": "PER"}]}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file.jsonl"


def read(path: Path, *records: object, **options: object) -> list[Sentence]:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return FORMATS.create("jsonl", options).read(path, "en")


@pytest.mark.parametrize(
    "record",
    [
        ADA,
        {"words": ["Ada", "left"], "spans": [[0, 1, "PER"]]},
        {"tokens": ["Ada", "left"], "tags": ["B-PER", "O"]},
        {"tokens": ["Ada", "left"], "ner_tags": ["S-PER", "O"]},
        {"text": "Ada left", "spans": [[0, 3, "PER"]]},
        {"text": "Ada left", "label": [[0, 3, "PER"]]},
        {"text": "Ada left", "labels": [[0, 4, "PER"]]},
        {"text": "Ada left", "entities": [{"start": 0, "end": 3, "label": "PER", "id": 7}]},
        {"text": "Ada left", "tokens": [{"text": "Ada"}], "spans": [[0, 3, "PER"]]},
    ],
    ids=["ours", "triples", "tags", "ner", "spans", "label", "labels", "entities", "tokens"],
)
def test_every_form_is_read(record: dict[str, object], path: Path) -> None:
    (found,) = read(path, record)
    assert (found.words, found.spans) == (("Ada", "left"), (Span(0, 1, "PER"),))
    assert found.line == 1


@pytest.mark.parametrize("record", [{"words": ["a"]}, {"text": "a"}, {"text": "a", "label": None}])
def test_a_sentence_may_be_unlabelled(record: dict[str, object], path: Path) -> None:
    assert read(path, record)[0].spans == ()


@pytest.mark.parametrize(
    ("value", "expected"), [("s", "s"), (7, "7"), (None, "")], ids=["text", "number", "null"]
)
def test_names_are_text(value: object, expected: str, path: Path) -> None:
    assert read(path, {**ADA, "id": value})[0].id == expected


def test_numbered_tags_need_their_names(path: Path) -> None:
    record = {"tokens": ["Ada", "left"], "ner_tags": [1, 0]}
    with pytest.raises(DataError, match="tags must be names") as caught:
        read(path, record)
    assert "tag_names" in caught.value.hint
    (found,) = read(path, record, tag_names="O, B-PER")
    assert found.spans == (Span(0, 1, "PER"),)


def test_words_are_found_in_a_text_without_offsets(path: Path) -> None:
    (found,) = read(path, {"words": ["did", "n't"], "text": "didn't"})
    assert found.char_offsets == ((0, 3), (3, 6))


def test_a_closer_language_is_taken_and_another_refused(path: Path) -> None:
    assert read(path, {**ADA, "language": "en-GB"})[0].language == "en-GB"
    with pytest.raises(DataError, match="language must be 'en' as asked for, got 'de'"):
        read(path, {**ADA, "language": "de"})


def test_blank_lines_are_passed_over(path: Path) -> None:
    path.write_text(f"\n{json.dumps(ADA)}\n  \n{json.dumps(ADA)}\n\n")
    assert [one.line for one in Jsonl().read(path, "en")] == [2, 4]


def test_a_failed_projection_is_no_sentence(path: Path) -> None:
    failed = {**ADA, "spans": None, "failure": {"stage": "align", "message": "too long"}}
    with pytest.raises(DataError, match="failed projection has no annotation"):
        read(path, failed)
    bad = BadLines()
    assert Jsonl().read(path, "en", skip_bad=bad) == []
    assert len(bad) == 1


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("{", "one JSON object"),
        ("[1]", "got list"),
        ("[" * 100_000, "one JSON object"),
        ("{}", "must have words, tokens or text"),
        ('{"words": "Ada"}', "words must be a list of texts, got 'Ada'"),
        ('{"words": [1]}', "words must be a list of texts, got 1 in it"),
        ('{"text": "In 2020", "tokens": ["In", 2020], "ner_tags": ["O", "O"]}', "got 2020 in it"),
        ('{"text": "In", "tokens": ["In", null]}', "tokens must be a list of texts, got None"),
        ('{"text": "In", "ner_tags": ["O"]}', "with tags must have words or tokens"),
        (
            '{"text": "In", "tokens": [{"text": "In"}], "tags": ["O"]}',
            "with tags must have words or tokens",
        ),
        ('{"text": 1}', "must have words, tokens or text"),
        ('{"text": "\\ud800"}', "half a surrogate pair"),
        ('{"words": ["a"], "spans": 1}', "spans must be a list"),
        ('{"words": ["a"], "spans": [[0, 1]]}', "a span must be"),
        ('{"words": ["a"], "spans": [[0, true, "X"]]}', "a span must be"),
        ('{"words": ["a"], "spans": [{"start": 0, "end": 1}]}', "a span must be"),
        ('{"words": ["a"], "spans": ["abc"]}', "a span must be"),
        ('{"words": ["a"], "spans": [[0, 2, "X"]]}', "inside the 1 words"),
        ('{"words": ["a"], "spans": [[0, 0, "X"]]}', "inside the 1 words"),
        ('{"words": ["a", "b"], "spans": [[0, 2, "X"], [1, 2, "X"]]}', "must not overlap"),
        ('{"words": ["a"], "tags": ["O", "O"]}', "one tag for each of the 1 words"),
        ('{"words": ["a"], "tags": "O"}', "one tag for each of the 1 words"),
        ('{"words": ["a"], "tags": ["PER"]}', "O or PREFIX-LABEL"),
        ('{"words": ["a"], "tags": [null]}', "tags must be names"),
        ('{"text": "Ada", "spans": [[0, 2, "X"]]}', "word border"),
        ('{"text": "Ada", "spans": [[0, 4, "X"]]}', "inside the 3 characters"),
        ('{"words": ["a"], "language": 3}', "language must be"),
        ('{"words": ["a"], "text": "a", "char_offsets": []}', "char_offsets must be 1"),
        ('{"words": ["a"], "text": "a", "char_offsets": [[0, 2]]}', "char_offsets must be 1"),
        ('{"words": ["a"], "text": "a", "char_offsets": [0]}', "char_offsets must be 1"),
        ('{"words": ["a", "b"], "text": "ab", "char_offsets": [[1, 2], [0, 1]]}', "ascending"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_malformed_record_is_named(content: str, rule: str, path: Path) -> None:
    path.write_text(f"{json.dumps(ADA)}\n\n{content}\n")
    with pytest.raises(DataError, match=rule) as caught:
        Jsonl().read(path, "en")
    assert (caught.value.path, caught.value.line) == (str(path), 3)
    bad = BadLines()
    assert len(Jsonl().read(path, "en", skip_bad=bad)) == 1
    assert bad.sentences[0].position == 1


def test_text_is_written_as_it_is(path: Path) -> None:
    Jsonl().write(path, [sentence("Zürich 北", "de", (0, 1, "LOC"))])
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "id": "",
        "language": "de",
        "text": "Zürich 北",
        "words": ["Zürich", "北"],
        "char_offsets": [[0, 6], [7, 8]],
        "spans": [{"start": 0, "end": 1, "label": "LOC"}],
    }
    assert "Zürich 北" in path.read_text(encoding="utf-8")
