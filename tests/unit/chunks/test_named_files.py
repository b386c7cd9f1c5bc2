"""What a configuration names is known by its size and time, wherever the name stands."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.chunks.named_files import files_of_choices, files_of_config
from core.config import ComponentChoice, ScoreChoice
from core.jobs.folder import ARTEFACTS
from tests.runs import counting, root
from tests.whole_corpora import by_links

__all__ = ["root"]


def named(**parameters: str | int | None) -> str:
    return files_of_choices([ComponentChoice(name="any", parameters=parameters)])


def test_a_file_has_its_size_and_time(tmp_path: Path) -> None:
    file = tmp_path / "a[1]*.tsv"
    file.write_text("one")
    os.utime(file, ns=(7, 7))
    assert named(file=str(file), layer=3, other=None) == f"{file} (3, 7)"
    file.write_text("more")
    os.utime(file, ns=(7, 7))
    assert named(file=str(file)) == f"{file} (4, 7)"


def test_a_folder_has_all_files_below_it(tmp_path: Path) -> None:
    (tmp_path / "model" / "ner").mkdir(parents=True)
    for name in ("config.json", "ner/weights"):
        (tmp_path / "model" / name).write_text("x")
    found = named(model=str(tmp_path / "model"))
    assert [Path(line.split(" (")[0]).name for line in found.splitlines()] == [
        "config.json",
        "weights",
    ]


def test_languages_in_a_path_stand_for_any(tmp_path: Path) -> None:
    for name in ("de-en.tsv", "fr-en.tsv", "notes.txt"):
        (tmp_path / name).write_text("x")
    found = named(file=str(tmp_path / "{source}-{target}.tsv"))
    assert [Path(line.split(" (")[0]).name for line in found.splitlines()] == [
        "de-en.tsv",
        "fr-en.tsv",
    ]


def test_the_home_folder_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mine").write_text("x")
    assert named(file="~/mine").startswith(str(tmp_path / "mine"))


def test_a_run_stands_for_its_model(root: Path) -> None:
    run = counting(1)
    assert named(model=f"run:{run.id}") == ""
    model = run.folder / ARTEFACTS / "model"
    model.mkdir(parents=True)
    (model / "weights").write_text("x")
    assert named(model=f"run:{run.id}").startswith(str(model / "weights"))


def test_what_is_no_file_adds_nothing() -> None:
    assert named(model="bundled", rename="PERSON=PER", file="", odd="a\0b", run="run:none") == ""


@pytest.mark.parametrize(
    "stage",
    [
        "aligner",
        "encoder",
        "projector",
        "translator",
        "back_translator",
        "labeller",
        "tagger",
        "route",
    ],
)
def test_every_stage_counts(tmp_path: Path, stage: str) -> None:
    (tmp_path / "file").write_text("x")
    choice = ComponentChoice(name="any", parameters={"file": str(tmp_path / "file")})
    assert files_of_config(by_links()) == ""
    assert files_of_config(by_links(**{stage: choice})).startswith(str(tmp_path / "file"))


def test_scores_candidates_and_the_encoder_s_name_count_too(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    parameters = {"file": str(tmp_path / "file")}
    for choice in (
        {"scores": (ScoreChoice(name="any", parameters=parameters),)},
        {"candidates": (ComponentChoice(name="any", parameters=parameters),)},
        {"encoder": ComponentChoice(name=str(tmp_path))},
    ):
        assert files_of_config(by_links(**choice)).startswith(str(tmp_path / "file"))
