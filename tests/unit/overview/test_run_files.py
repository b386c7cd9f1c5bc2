"""Runs read from files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.errors import DataError
from core.export import write_projections
from core.overview.outcomes import outcome_of
from core.overview.run_files import read_run, read_run_bytes
from core.types import Candidate, Decision, Failure, Projection, Span, Trace
from tests.builders import alignment, pair, sentence

SOURCE = sentence("Ada saw Rome", "en", (0, 1, "PER"), (2, 3, "LOC"))
TARGET = sentence("Rom sah Ada", "de", (0, 1, "LOC"), (2, 3, "PER"))
PAIRS = [pair(SOURCE, TARGET, pair_id="p:1"), pair(SOURCE, TARGET, pair_id="p:2")]
DONE = Projection(
    PAIRS[0],
    "ilp",
    (Span(2, 3, "PER"),),
    (Decision(0, Candidate(2, 3), "chosen", 0.9, margin=0.5), Decision(1, None, "no-link")),
    Trace(alignment=alignment("0-2 1-1")),
)
FAILED = Projection(PAIRS[1], "ilp", (), (), Trace(), Failure("align", "bad-value", "too long"))


def write(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("\n".join(json.dumps(one) for one in records) + "\n", encoding="utf-8")
    return path


def record(**changes: Any) -> dict[str, Any]:
    return {"words": ["Rom", "sah", "Ada"], "spans": [[0, 1, "LOC"]], "language": "de", **changes}


def test_an_export_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    write_projections(path, [DONE, FAILED])
    run = read_run(path, PAIRS)
    assert run.name == "out.jsonl"
    first, second = run.outcomes
    kept = outcome_of(DONE)
    assert (first.spans, first.decisions, first.status) == (kept.spans, kept.decisions, "differs")
    assert first.links is not None
    assert first.links.tolist() == [[0, 2], [1, 1]]
    assert (second.status, second.failure, second.spans) == ("failed", FAILED.failure, ())
    assert first.pair.source is PAIRS[0].source


def test_conll_with_its_failed_sentences(tmp_path: Path) -> None:
    path = tmp_path / "out.conll"
    write_projections(path, [FAILED, DONE], form="conll")
    run = read_run(path, PAIRS[::-1])
    assert [one.status for one in run.outcomes] == ["failed", "differs"]
    assert run.outcomes[1].spans == (Span(2, 3, "PER"),)


def test_any_labelled_file_will_do(tmp_path: Path) -> None:
    run = read_run(write(tmp_path / "x.jsonl", record(), record(spans=[])), PAIRS, name="mine")
    assert [one.spans for one in run.outcomes] == [(Span(0, 1, "LOC"),), ()]
    assert (run.name, run.outcomes[0].links, run.outcomes[0].decisions) == ("mine", None, ())
    assert [one.outcome for one in run.outcomes[1].diagnoses] == ["missing", "missing"]


def test_another_source_sentence_is_kept(tmp_path: Path) -> None:
    source = {
        "words": ["Ada", "sees"], "language": "en", "text": "Ada sees", "id": "",
        "char_offsets": [[0, 3], [4, 8]], "spans": [{"start": 0, "end": 1, "label": "PER"}],
    }  # fmt: skip
    run = read_run(write(tmp_path / "x.jsonl", record(source=source), record()), PAIRS)
    assert run.outcomes[0].pair.source.text == "Ada sees"
    assert run.outcomes[1].pair.source.text == "Ada saw Rome"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"words": ["Rom", "sah", "Eva"]}, "sentences in its order"),
        ({"links": "0-9"}, "inside both sentences"),
        ({"links": "zero"}, "link"),
        ({"decisions": [{"entity": {"start": 1, "end": 2, "label": "PER"}, "reason": "chosen"}]},
         "an entity of the source"),
        ({"decisions": [{"entity": {"start": 0, "end": 1, "label": "PER"}, "reason": "odd"}]},
         "known reason"),
        ({"decisions": "none"}, "must fit"),
        ({"spans": [[2, 9, "LOC"]]}, "inside"),
        ({"source": {"words": ["a"], "language": "en", "text": "a", "char_offsets": []}},
         "one character offset"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_with_file_and_line(
    changes: dict[str, Any], message: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "x.jsonl", record(), record(**changes))
    with pytest.raises(DataError, match=message) as told:
        read_run(path, PAIRS)
    assert (told.value.path, told.value.line) == (str(path), 2)
    with pytest.raises(DataError, match=r"^mine\.jsonl:2: "):
        read_run_bytes(path.read_bytes(), "mine.jsonl", PAIRS)


def test_another_number_of_sentences_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="2 sentences, got 1"):
        read_run(write(tmp_path / "x.jsonl", record()), PAIRS)
