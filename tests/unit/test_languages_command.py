"""`languages`: the presenter's table from the command line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from core.cli import main
from tests.command_line import run_json


@pytest.fixture(autouse=True)
def _no_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPANBRIDGE_RUNS", str(tmp_path / "runs"))


def test_the_57_target_languages_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    found = run_json(capsys, "languages")["languages"]
    assert len(found) == 57
    assert [one["name"] for one in found] == sorted((one["name"] for one in found), key=str.lower)


def test_one_language_comes_with_its_figures(capsys: pytest.CaptureFixture[str]) -> None:
    (one,) = run_json(capsys, "languages", "yo")["languages"]
    assert one["name"] == "Yoruba"
    assert one["script"] == "Latn"
    assert 0 < one["published"][0]["best"]["f1"] < 1
    assert one["measured"][0]["best"]["command"].startswith("python -m core evaluate")


def test_every_figure_says_what_it_may_be_compared_with(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["languages", "lg", "--benchmark", "masakhaner2"]) == 0
    (row,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("lg ")]
    assert "masakhaner2, Politov et al. 2025" in row
    assert "masakhaner2-mafand/test, Spanbridge: human English" in row


def test_filter_and_order(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["languages", "--script", "Arab", "--script", "Latn", "--sort", "published"]
    found = run_json(capsys, *words, "--descending")["languages"]
    assert {one["script"] for one in found} == {"Arab", "Latn"}
    values = [one["published"][0]["best"]["f1"] for one in found if one["published"]]
    assert values == sorted(values, reverse=True)


def test_the_table_is_written_for_spreadsheet_and_printer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["languages", "sw", "ar", "--out", str(tmp_path / "l.csv")]) == 0
    assert "Swahili" in capsys.readouterr().out
    with (tmp_path / "l.csv").open(encoding="utf-8") as file:
        assert [row["code"] for row in csv.DictReader(file)] == ["ar", "sw"]
    assert main(["languages", "ar", "--out", str(tmp_path / "l.html")]) == 0
    assert 'dir="rtl"' in (tmp_path / "l.html").read_text(encoding="utf-8")


def test_an_unknown_code_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["languages", "xx"]) == 2
    assert "unknown-language" in capsys.readouterr().err
