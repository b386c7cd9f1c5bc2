"""`python -m core capsule`: which pairs go into the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.cli import main
from core.commands.capsule import choose_pairs
from core.errors import DataError
from core.types import SentencePair
from tests.builders import pair, sentence

SOURCE = "Anna B-PER\nlives O\nin O\nRome B-LOC\n\nNothing O\n\n"
TARGET = "Anna B-PER\nwohnt O\nin O\nRom B-LOC\n\nNichts O\n\n"


@pytest.fixture
def corpus() -> list[SentencePair]:
    return [
        pair(sentence("a"), sentence("b", "de"), pair_id=name) for name in ("x:1", "x:2", "3", "y")
    ]


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        ([], [0, 1, 2, 3]),
        (["x:2"], [1]),
        (["2"], [1]),
        (["3"], [2]),
        (["4", "1"], [3, 0]),
        (["2-4", "x:1", "3"], [1, 2, 3, 0]),
        (["1-1"], [0]),
    ],
)
def test_pairs_are_found_by_id_place_and_range(
    corpus: list[SentencePair], wanted: list[str], places: list[int]
) -> None:
    assert choose_pairs(corpus, wanted) == places


def test_an_id_goes_before_a_place(corpus: list[SentencePair]) -> None:
    assert choose_pairs([corpus[2], corpus[0], corpus[1]], ["3"]) == [0]


@pytest.mark.parametrize("wanted", ["0", "5", "3-2", "1-5", "x", "-1", ""])
def test_what_is_not_there_is_an_error(corpus: list[SentencePair], wanted: str) -> None:
    with pytest.raises(DataError, match=r"one of 4 pairs such as 'x:1'"):
        choose_pairs(corpus, [wanted])


def test_the_file_is_written_and_repeatable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (("en.conll", SOURCE), ("de.conll", TARGET), ("links", "0-0 3-3\n0-0\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    options = [
        *("--source-file", str(tmp_path / "en.conll"), "--target-file", str(tmp_path / "de.conll")),
        *("--links-file", str(tmp_path / "links"), "--source", "en", "--target", "de"),
        *("--aligner", "precomputed", "--method", "heuristic", "--date", "2026-11-25"),
        *("--title", "Rome & <Anna>", "--note", "Look", "--json"),
    ]
    written = []
    for name in ("one.html", "two.html"):
        assert main(["capsule", *options, "--out", str(tmp_path / name)]) == 0
        data = json.loads(capsys.readouterr().out)
        assert (data["sentences"], data["failed"], data["skipped"]) == (2, 0, 0)
        written.append((tmp_path / name).read_bytes())
        assert data["bytes"] == len(written[-1])
    assert written[0] == written[1]
    assert written[0].startswith(b"<!DOCTYPE html>")
    assert b"<title>Rome &amp; &lt;Anna&gt;</title>" in written[0]


def test_a_pair_that_is_not_there_is_an_error_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(
        [
            *("capsule", "--corpus", "demo", "--target", "de", "--id", "99999"),
            *("--method", "heuristic", "--aligner", "precomputed", "--json"),
            *("--out", str(tmp_path / "x.html")),
        ]
    )
    assert code == 3
    assert json.loads(capsys.readouterr().out)["error"] == "bad-value"
    assert not list(tmp_path.iterdir())
