"""`project --engine`: a corpus from the command line, here and as a run of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.chunks.shards import SHARD_FORMS
from core.cli import main
from core.corpora import FORMATS
from core.jobs import find
from core.methods import method
from tests.command_line import run_json
from tests.runs import comes_to, root
from tests.whole_corpora import by_links, shards, write_files, written

__all__ = ["root"]
LANGUAGES = ("--source", "en", "--target", "de")
METHOD = ("--method", "heuristic", "--aligner", "precomputed")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def words(tmp_path: Path, out: Path) -> list[str]:
    """Name the five pairs of a folder, in chunks of two."""
    write_files(tmp_path / "corpus", 5)
    corpus = ("--corpus", str(tmp_path / "corpus"))
    chunked = ("--engine", "local", "--chunk", "2", "--out", str(out))
    return ["project", *corpus, *LANGUAGES, *METHOD, *chunked]


def test_a_folder_becomes_shards_and_numbers(
    words: list[str], out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = run_json(capsys, *words)
    assert (told["pairs"], told["done"], told["entities"], told["shards"]) == (5, 5, 10, 3)
    assert (told["engine"], told["form"], told["out"]) == ("local", "parquet", str(out))
    assert told["signature"].startswith(f"corpus:{out.parent / 'corpus' / 'en.conll'},")
    assert "method:heuristic" in told["signature"]
    again = run_json(capsys, *words)
    assert (again["found_done"], again["signature"]) == (5, told["signature"])


def test_people_read_what_was_done_and_how_fast(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "5 of 5 pairs"
    assert shown[1] == "entities: 10, failed: 0, left out: 0"
    assert "pairs a second; by stage: " in shown[2]
    assert shown[3].startswith("3 shards in ")
    assert main(words) == 0
    assert capsys.readouterr().out.startswith("5 of 5 pairs, 5 of them before")


@pytest.mark.parametrize("form", SHARD_FORMS)
def test_every_form_is_a_corpus_again(
    words: list[str], out: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    told = run_json(capsys, *words, "--shards", form)
    assert told["form"] == form
    assert sorted(shards(out)) == [f"part-{number:06d}.{form}" for number in range(3)]
    found = [
        one for path in sorted(out.glob("part-*")) for one in FORMATS.create(form).read(path, "de")
    ]
    assert [one.words[0] for one in found] == [f"w{place}" for place in range(5)]
    assert all([span.label for span in one.spans] == ["PER", "LOC"] for one in found)


def test_files_limits_and_settings_are_the_same_as_without_an_engine(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = write_files(tmp_path / "corpus", 5)
    given = ["--source-file", str(files.source), "--target-file", str(files.target)]
    given += ["--links-file", str(files.links), *LANGUAGES, *METHOD, "--set", "labels=PER"]
    given += ["--limit", "3"]
    whole = run_json(capsys, "project", *given, "--out", str(tmp_path / "whole.jsonl"))
    told = run_json(
        capsys, "project", *given, "--out", str(out), "--engine", "local", "--shards", "jsonl"
    )
    assert (told["pairs"], told["entities"]) == (3, 3) == (whole["sentences"], whole["entities"])
    assert (out / "part-000000.jsonl").read_text() == (tmp_path / "whole.jsonl").read_text()


def test_what_cannot_be_read_is_left_out_on_demand(
    words: list[str], out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    links = tmp_path / "corpus" / "en-de.pharaoh"
    links.write_text(links.read_text().replace("0-0", "0=0", 1))
    told = run_json(capsys, *words, exit_code=3)
    assert (told["error"], told["message"][: len(str(links)) + 2]) == ("bad-line", f"{links}:1")
    told = run_json(capsys, *words, "--skip-bad")
    assert (told["pairs"], told["skipped"]) == (4, 1)
    assert len((out / "skipped.jsonl").read_text().splitlines()) == 1


def test_a_method_may_be_the_file_of_another_run(
    words: list[str], out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = run_json(capsys, *words, "--set", "labels=LOC")
    named = [*words[: words.index("--method")], "--method", str(out / "run.json")]
    named += ["--engine", "local", "--chunk", "2", "--out", str(tmp_path / "again")]
    again = run_json(capsys, *named)
    assert again["signature"] == first["signature"]
    assert shards(tmp_path / "again") == shards(out)


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        (("--chunk", "0"), 2, "--chunk must be 1 or more, got 0"),
        (("--limit", "0"), 2, "--limit must be 1 or more, got 0"),
        (("--limit", "-1"), 2, "--limit must be 1 or more, got -1"),
        (("--workers", "3"), 2, "only the engine ray has workers, got 'local'"),
        (("--ray-address", "auto"), 2, "only the engine ray has address, got 'local'"),
        (("--engine", "ray", "--workers", "0"), 2, "workers"),
        (("--corpus", "no-such-corpus"), 2, "a corpus must be a file, a folder or one of"),
        (("--target", "fr"), 3, "one file named fr"),
        (("--method", "no-such-method"), 2, "the method must be one of"),
        (("--aligner", "eflomal"), None, "learns from all sentences"),
    ],
)
def test_what_cannot_work_is_told_and_leaves_no_folder(
    words: list[str],
    out: Path,
    capsys: pytest.CaptureFixture[str],
    change: tuple[str, ...],
    code: int | None,
    says: str,
) -> None:
    exit_code = main([*words, *change, "--json"])
    told = json.loads(capsys.readouterr().out)
    if code is None and told["error"] == "missing-package":
        pytest.skip(told["message"])
    assert exit_code == (code or 2)
    assert says in told["message"]
    assert not out.exists()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((), "a corpus must be named or given as files, got none"),
        (("--source-file", "en.conll"), "files need a target language, got none"),
        (("--corpus", "."), "files need a target language, got none"),
    ],
)
def test_a_corpus_must_be_given_with_its_languages(
    out: Path, capsys: pytest.CaptureFixture[str], given: tuple[str, ...], says: str
) -> None:
    told = run_json(capsys, "project", "--engine", "local", *given, "--out", str(out), exit_code=2)
    assert told["message"] == says


@pytest.mark.parametrize(("option", "side"), [("--source-file", "en"), ("--target-file", "de")])
def test_one_side_alone_needs_who_makes_the_other(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str], option: str, side: str
) -> None:
    write_files(tmp_path / "corpus", 5)
    given = [option, str(tmp_path / "corpus" / f"{side}.conll"), *LANGUAGES, *METHOD]
    told = run_json(capsys, "project", "--engine", "local", *given, "--out", str(out), exit_code=2)
    assert (told["error"], told["hint"]) == ("missing-stage", "add --translator NAME")
    assert shards(out) == {}


@pytest.mark.parametrize(
    ("given", "side"), [(("--source-file",), "target"), (("--target-file",), "source")]
)
def test_links_need_what_they_link(
    tmp_path: Path,
    out: Path,
    capsys: pytest.CaptureFixture[str],
    given: tuple[str, ...],
    side: str,
) -> None:
    files = write_files(tmp_path / "corpus", 5)
    links = ["--links-file", str(files.links), *LANGUAGES, "--translator", "apertium"]
    words = [*given, str(files.source), *links, "--engine", "local", "--out", str(out)]
    told = run_json(capsys, "project", *words, exit_code=2)
    assert (told["error"], told["message"]) == (
        "bad-value",
        f"word links need a {side} file, got none",
    )


@pytest.mark.parametrize(
    "option",
    [
        ("--workers", "2"),
        ("--ray-address", "auto"),
        ("--shards", "parquet"),
        ("--chunk", "256"),
        ("--no-cache",),
        ("--detach",),
        ("--name", "mine"),
    ],
    ids=lambda option: option[0],
)
def test_what_only_an_engine_does_is_not_asked_of_none(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], option: tuple[str, ...]
) -> None:
    file = tmp_path / "out.jsonl"
    given = [*words[: words.index("--engine")], *option, "--out", str(file)]
    told = run_json(capsys, *given, exit_code=2)
    assert (told["error"], told["message"]) == (
        "bad-config",
        f"{option[0]} must come with --engine, got none",
    )
    assert not file.exists()


def test_a_file_of_translations_that_is_missing_stops_the_run(
    words: list[str], out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "none.tsv"
    given = [*words, "--translator", "precomputed", "--labeller", "gold"]
    told = run_json(capsys, *given, "--set", f"translator.file={file}", exit_code=3)
    assert told["error"] == "file-not-found"
    assert str(file) in told["message"]
    assert shards(out) == {}


@pytest.mark.slow
def test_a_detached_run_does_it_and_its_words_go_on(
    words: list[str],
    out: Path,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SPANBRIDGE_DATABASE_URL", f"sqlite:///{root.parent / 'store.db'}")
    told = run_json(capsys, *words, "--detach", "--name", "mine", "--limit", "4", "--skip-bad")
    run = comes_to(find("mine"), "done", 60)
    assert (run.id, run.plan.config["task"]) == (told["run"], "project")
    assert run.plan.config["signature"].startswith("corpus:")
    assert json.loads((out / "run.json").read_text())["pairs"] == 4
    before = written(out)
    again = run_json(capsys, *run.plan.words)
    assert (again["found_done"], again["pairs"], written(out)) == (4, 4, before)


def test_a_run_keeps_the_whole_method_not_its_name(
    words: list[str],
    out: Path,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("core.commands._project_whole.start", list)
    monkeypatch.setattr("core.commands._project_whole.record_launch", lambda made: None)
    told = run_json(capsys, *words, "--set", "labels=PER", "--detach", "--shards", "conll")
    assert told["started"] == []
    plan = find(told["run"]).plan
    given = dict(zip(plan.words[1::2], plan.words[2::2], strict=True))
    assert method(given["--method"]) == by_links(labels=("PER",))
    assert (given["--shards"], given["--chunk"], given["--out"]) == ("conll", "2", str(out))
    assert not out.exists()


def test_only_a_run_has_a_folder_of_its_own(
    words: list[str],
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("core.commands._project_whole.start", list)
    monkeypatch.setattr("core.commands._project_whole.record_launch", lambda made: None)
    nowhere = words[: words.index("--out")]
    told = run_json(capsys, *nowhere, exit_code=2)
    assert told["message"] == "a folder to write must be given, got none"
    told = run_json(capsys, *nowhere, "--detach")
    assert "--out" not in find(told["run"]).plan.words
