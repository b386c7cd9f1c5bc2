"""Writing projections: nothing failed is ever written as a sentence without entities."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.corpora import BadLines
from core.corpora.conll import Conll
from core.corpora.jsonl import Jsonl
from core.errors import DataError
from core.export import projected_sentence, write_projections
from core.types import (
    Candidate,
    Decision,
    Failure,
    Projection,
    Sentence,
    SentencePair,
    Span,
    Trace,
)
from tests.builders import alignment, pair, sentence

SOURCE = sentence("Ada saw Rome", "en", (0, 1, "PER"), (2, 3, "LOC"))
TARGET = sentence("Rom sah Ada", "de")


def done(target: Sentence = TARGET, name: str = "p:1") -> Projection:
    decisions = (
        Decision(0, Candidate(2, 3), "chosen", 0.9, {"align": 0.9}, Candidate(1, 3), 0.4, 0.5),
        Decision(1, None, "no-link"),
    )
    trace = Trace(alignment=alignment("0-2 1-1"), status="optimal", messages=("note",))
    return Projection(
        pair(SOURCE, target, pair_id=name), "ilp", (Span(2, 3, "PER"),), decisions, trace
    )


def failed(name: str = "p:2") -> Projection:
    failure = Failure("align", "bad-value", "too long")
    return Projection(pair(SOURCE, TARGET, pair_id=name), "ilp", (), (), Trace(), failure)


def records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_record_tells_the_whole_story(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    counts = write_projections(path, [done()])
    assert (counts.sentences, counts.entities, counts.failed) == (1, 1, 0)
    (record,) = records(path)
    assert record["id"] == "p:1"
    assert record["words"] == ["Rom", "sah", "Ada"]
    assert record["spans"] == [{"start": 2, "end": 3, "label": "PER"}]
    assert (record["method"], record["status"], record["messages"]) == ("ilp", "optimal", ["note"])
    assert (record["links"], record["failure"]) == ("0-2 1-1", None)
    assert record["decisions"] == [
        {
            "entity": {"start": 0, "end": 1, "text": "Ada", "label": "PER"},
            "candidate": {"start": 2, "end": 3, "text": "Ada"},
            "reason": "chosen",
            "score": 0.9,
            "terms": {"align": 0.9},
            "margin": 0.5,
            "runner_up": {"start": 1, "end": 3, "text": "sah Ada"},
            "runner_up_score": 0.4,
        },
        {
            "entity": {"start": 2, "end": 3, "text": "Rome", "label": "LOC"},
            "candidate": None,
            "reason": "no-link",
            "score": 0.0,
            "terms": {},
            "margin": 0.0,
            "runner_up": None,
            "runner_up_score": 0.0,
        },
    ]


def test_a_failed_record_has_no_spans_and_is_not_read_as_a_sentence(tmp_path: Path) -> None:
    path, bad = tmp_path / "out.jsonl", BadLines()
    counts = write_projections(path, [done(), failed()])
    assert (counts.sentences, counts.failed, counts.failed_path) == (1, 1, None)
    assert records(path)[1]["spans"] is None
    assert records(path)[1]["failure"] == {
        "stage": "align",
        "code": "bad-value",
        "message": "too long",
    }
    assert [one.id for one in Jsonl().read(path, "de", skip_bad=bad)] == ["p:1"]
    assert len(bad) == 1


def test_conll_leaves_failed_sentences_out_and_lists_them(tmp_path: Path) -> None:
    path = tmp_path / "out.conll"
    counts = write_projections(path, [failed(), done(), failed("p:3")], form="conll")
    assert path.read_text() == "# id = p:1\nRom\tO\nsah\tO\nAda\tB-PER\n\n"
    assert (counts.sentences, counts.entities, counts.failed) == (1, 1, 2)
    assert counts.failed_path == tmp_path / "out.failed.jsonl"
    assert [record["id"] for record in records(counts.failed_path)] == ["p:2", "p:3"]


def test_conll_lists_what_it_cannot_hold(tmp_path: Path) -> None:
    path = tmp_path / "out.conll"
    spaced = Sentence(("a b", "c", "d"), "de", "a b c d", ((0, 3), (4, 5), (6, 7)))
    counts = write_projections(path, [done(spaced), done(name="p:4")], form="conll")
    assert [one.id for one in Conll().read(path, "de")] == ["p:4"]
    assert counts.failed_path is not None
    (record,) = records(counts.failed_path)
    assert record["failure"] == {
        "stage": "export",
        "code": "bad-value",
        "message": "a word must be one piece without white space, got 'a b' (sentence 'p:1')",
    }


def test_a_stale_list_of_failures_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "out.conll"
    stale = tmp_path / "out.failed.jsonl"
    write_projections(path, [failed()], form="conll")
    assert stale.is_file()
    counts = write_projections(path, [done()], form="conll")
    assert counts.failed_path is None
    assert not stale.exists()


def test_a_projection_without_alignment_has_no_links(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    bare = Projection(SentencePair(SOURCE, TARGET), "greedy", (), (), Trace())
    write_projections(path, [bare])
    assert records(path)[0]["links"] is None


def test_a_failed_projection_has_no_sentence() -> None:
    with pytest.raises(DataError, match="too long"):
        projected_sentence(failed())
