"""The commands compare, trace and concordance."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.cli import main
from tests.command_line import run_json, write_corpus

SOURCE = "Anna B-PER\nlives O\nin O\nRome B-LOC\n\nRome B-LOC\nsleeps O\n\n"
TARGET = "Anna B-PER\nwohnt O\nin O\nRom B-LOC\n\nRom B-LOC\nschläft O\n\n"
# In the second sentence the entity has no link.
LINKS = "0-0 1-1 2-2 3-3\n1-1\n"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    return write_corpus(tmp_path, SOURCE, TARGET, LINKS)


def test_compare_two_methods_and_a_file(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    right = tmp_path / "right.conll"
    right.write_text(TARGET, encoding="utf-8")
    words = ["compare", *files, "--method", "ilp", "--method", "heuristic", "--run", str(right)]
    data = run_json(capsys, *words, "--where", "right.conll>ilp")
    assert [one["name"] for one in data["runs"]] == ["ilp", "heuristic", "right.conll"]
    assert [round(one["f1"], 2) for one in data["runs"]] == [0.8, 0.8, 1.0]
    assert data["agreement"]["names"] == ["ilp", "heuristic", "right.conll", "gold"]
    assert data["agreement"]["f1"][0] == [1, 1, 0.8, 0.8]
    assert data["agreement"]["identical"][0] == [1, 1, 0.5, 0.5]
    assert len(data["comparisons"]) == 3
    assert all(one["p_holm"] >= one["p_two_sided"] for one in data["comparisons"])
    (sentence,) = data["queue"]
    assert (sentence["number"], data["chosen"]) == (2, 1)
    states = {name: cell["state"] for name, cell in sentence["rows"][0]["runs"].items()}
    assert states == {"ilp": "missing", "heuristic": "missing", "right.conll": "as gold"}
    assert main(words) == 0
    assert "agreement (F1)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["--method", "ilp"], "bad-config"),
        (["--method", "ilp", "--method", "ilp"], "bad-config"),
        (["--method", "ilp", "--method", "heuristic", "--where", "ilp>other"], "unknown-name"),
    ],
)
def test_compare_says_what_it_needs(
    files: list[str], more: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_json(capsys, "compare", *files, *more, exit_code=2)["error"] == code


def test_trace_names_the_stage(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    data = run_json(capsys, "trace", *files, "--method", "ilp")
    (row,) = data["rows"]
    assert (row["number"], row["outcome"], row["stage"], row["gold"]) == (
        2, "missing", "no-link", "Rom",
    )  # fmt: skip
    assert data["counts"] == [{"stage": "no-link", "outcome": "missing", "count": 1}]
    assert run_json(capsys, "trace", *files, "--method", "ilp", "--stage", "matching")["rows"] == []
    assert main(["trace", *files, "--method", "ilp"]) == 0
    assert "1 rows; failed sentences: 0" in capsys.readouterr().out


def test_concordance_counts(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    words = ["concordance", *files, "--method", "ilp"]
    data = run_json(capsys, *words, "--word", "rome")
    assert [(one["text"], one["count"]) for one in data["translations"]] == [("Rom", 1)]
    assert [one["number"] for one in data["unlinked"]] == [2]
    back = run_json(capsys, *words, "--word", "wohnt", "--side", "target")
    assert back["translations"][0]["places"][0]["source_words"] == [1]
    entity = run_json(capsys, *words, "--entity", "Anna")
    assert entity["translations"][0]["places"][0]["target_words"] == [0]
    assert main([*words, "--word", "Rome"]) == 0
    assert "linked to nothing" in capsys.readouterr().out
    assert run_json(capsys, *words, exit_code=2)["error"] == "bad-config"
