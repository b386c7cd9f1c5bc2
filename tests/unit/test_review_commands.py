"""The commands review, store and people: a whole review on the command line."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core.aligners.precomputed import Precomputed
from core.cli import main
from core.commands._review_desk import parse_numbers, parse_spans
from core.corpora import FORMATS
from core.errors import ConfigError, DataError
from core.types import Alignment, SentencePair, Span
from tests.command_line import run_json, write_corpus

SENTENCES = 8
SOURCE = "Anna B-PER\nlives O\nin O\nRome B-LOC\n\n" * SENTENCES
TARGET = "Anna O\nwohnt O\nin O\nRom O\n\n" * SENTENCES
# Rome has no link in the third sentence, and the fourth cannot be aligned at all.
LINKS = ["0-0 1-1 2-2 3-3"] * SENTENCES
LINKS[2:4] = ["0-0 1-1", ""]

Words = tuple[str, ...]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("SPANBRIDGE_DATABASE_URL", f"sqlite:///{tmp_path / 'store.sqlite'}")
    monkeypatch.delenv("SPANBRIDGE_AUTH", raising=False)
    align = Precomputed._align_pair

    def fail_without_links(aligner: Precomputed, pair: SentencePair) -> Alignment:
        found = align(aligner, pair)
        if not found.links:
            raise DataError("there must be a link", code="missing-links")
        return found

    monkeypatch.setattr(Precomputed, "_align_pair", fail_without_links)
    return write_corpus(tmp_path, SOURCE, TARGET, "\n".join(LINKS) + "\n")


class Review:
    """The command `review` on one project, as somebody."""

    def __init__(self, capsys: pytest.CaptureFixture[str], name: str = "small") -> None:
        self.capsys = capsys
        self.name = name

    def __call__(
        self, action: str, *words: str, by: str = "Rosa", exit_code: int = 0
    ) -> dict[str, Any]:
        line = ("review", action, self.name, *words, "--as", by)
        return run_json(self.capsys, *line, exit_code=exit_code)

    def told(self, action: str, *words: str) -> str:
        assert main(["review", action, self.name, *words, "--as", "Rosa"]) == 0
        return self.capsys.readouterr().out


@pytest.fixture
def review(files: list[str], capsys: pytest.CaptureFixture[str]) -> Review:
    made = Review(capsys)
    made("create", *files, "--method", "ilp", "--method", "heuristic", "--note", "a trial")
    return made


def spans_of(record: dict[str, Any]) -> list[str]:
    return [f"{one['label']} {one['text']}" for one in record["answer"]["spans"]]


def test_a_project_is_made_with_its_runs(review: Review) -> None:
    (one,) = run_json(review.capsys, "review", "projects")["projects"]
    assert (one["name"], one["sentences"], one["by"], one["note"]) == (
        "small", SENTENCES, "Rosa", "a trial",
    )  # fmt: skip
    runs = review("runs")["runs"]
    assert [(run["name"], run["failures"], run["complete"]) for run in runs] == [
        ("ilp", 1, True), ("heuristic", 1, True),
    ]  # fmt: skip
    assert "1 failed" in review.told("runs")
    again = review("create", "--corpus", "nobody", exit_code=2)
    assert again["error"] in ("unknown-name", "missing-corpus", "bad-config")


def test_a_bad_method_makes_no_project(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    Review(capsys)("create", *files, "--method", "nobody", exit_code=2)
    assert run_json(capsys, "review", "projects") == {"projects": []}


def test_the_most_uncertain_comes_first_and_nobody_gets_it_twice(review: Review) -> None:
    first = review("next")
    assert (first["number"], first["runs"][0]["failure"] is not None) == (4, True)
    assert first["held_by"] == ["Rosa"]
    second = review("next", by="Otto")
    assert second["number"] == 3
    assert review("next", "--order", "corpus", "--class", "LOC")["number"] == 1
    assert review("next", "--order", "corpus", "--text", "nowhere")["number"] is None
    assert review("next", "--order", "odd", exit_code=2)["error"] == "unknown-name"
    review("release")
    assert review("show", "1")["held_by"] == []
    assert "held by Otto" in review.told("show", "3")
    assert "0:Anna 1:wohnt" in review.told("next", "--order", "disagreement")


def test_a_sentence_is_decided_on_and_taken_back(review: Review) -> None:
    done = review("decide", "1", "accept")
    assert (done["answer"]["status"], done["kind"], done["version"]) == ("accepted", "accept", 1)
    assert spans_of(done) == ["PER Anna", "LOC Rom"]
    assert [one["entity"] for one in done["answer"]["spans"]] == [0, 1]
    other = review("decide", "1", "accept", "--spans", "0-1:PER 2-4:GPE", "--note", "in Rom")
    assert (spans_of(other), other["kind"]) == (["PER Anna", "GPE in Rom"], "edit")
    back = review("undo", "1")
    assert (spans_of(back), back["version"], back["changed"]) == (["PER Anna", "LOC Rom"], 3, True)
    assert review("redo", "1")["answer"]["note"] == "in Rom"
    assert review("redo", "1")["changed"] is False
    taken = review("decide", "1", "accept", "--take", "heuristic")
    assert (spans_of(taken), taken["kind"], taken["answer"]["note"]) == (
        ["PER Anna", "LOC Rom"], "take", "in Rom",
    )  # fmt: skip
    assert review("decide", "1", "flag")["kind"] == "flag"
    assert "flagged by Rosa" in review.told("show", "1")


def test_a_decision_on_an_older_version_is_refused(review: Review) -> None:
    review("decide", "1", "accept")
    late = review("decide", "1", "reject", "--version", "0", by="Otto", exit_code=5)
    assert (late["error"], "Rosa" in late["message"]) == ("changed-meanwhile", True)
    assert review("undo", "1", "--version", "0", exit_code=5)["error"] == "changed-meanwhile"
    assert review("decide", "99", "accept", exit_code=5)["error"] == "unknown-name"


def test_what_failed_is_not_accepted_as_empty(review: Review) -> None:
    refused = review("decide", "4", "accept", exit_code=2)
    assert refused["error"] == "bad-value"
    review("decide", "4", "flag")
    review("decide", "4", "accept", exit_code=2)
    review("decide", "4", "accept", "--take", "heuristic", exit_code=2)
    assert spans_of(review("decide", "4", "accept", "--spans", "")) == []
    assert spans_of(review("decide", "4", "accept")) == []  # it was said once


def test_links_and_pins_are_solved_anew(review: Review) -> None:
    linked = review("decide", "3", "accept", "--edits", "+3-3")
    assert (spans_of(linked), linked["answer"]["edits"]) == (["PER Anna", "LOC Rom"], "+3-3")
    pinned = review("decide", "1", "open", "--edits", "=1:2-4")
    assert spans_of(pinned) == ["PER Anna", "LOC in Rom"]
    assert review("decide", "1", "accept", "--edits", "=9:2-4", exit_code=3)
    assert review("decide", "1", "accept", "--spans", "3-9:LOC", exit_code=3)
    assert review("decide", "1", "accept", "--spans", "0-2:A 1-3:B", exit_code=3)
    assert review("decide", "1", "accept", "--spans", "Rom", exit_code=2)["error"] == "bad-value"


def test_a_correction_is_shown_then_made_and_undone(review: Review) -> None:
    review("decide", "2", "accept")
    words = ("--source", "rome", "--label", "LOC", "--class", "GPE")
    shown = review("apply", *words)
    assert (shown["applied"], shown["batch"], shown["changed"]) == (False, None, [])
    assert shown["would_change"] == [1, 5, 6, 7, 8]
    assert shown["left"] == {"decided": 1, "no span": 2}
    made = review("apply", *words, "--yes")
    assert made["changed"] == [1, 5, 6, 7, 8]
    assert spans_of(review("show", "1")["states"][0]) == ["PER Anna", "GPE Rom"]
    assert spans_of(review("show", "2")["states"][0]) == ["PER Anna", "LOC Rom"]
    (batch,) = review("batches")["batches"]
    assert (batch["id"], batch["sentences"], batch["standing"]) == (made["batch"], 5, 5)
    review("decide", "5", "accept")
    undone = review("undo-batch", str(made["batch"]))
    assert (undone["changed"], undone["refused"]) == ([1, 6, 7, 8], [5])
    found = review("apply", "--source", "Rome", "--label", "LOC", "--target", "Rom", "--yes")
    assert found["changed"] == [3, 4]
    drop = review("apply", "--source", "Anna", "--label", "PER", "--drop")
    assert [one["after"] for one in drop["proposals"]] == [[]] * SENTENCES
    assert "would change" in review.told("apply", "--source", "Anna", "--label", "PER", "--drop")
    assert review("undo-batch", "99", exit_code=5)["error"] == "unknown-name"


def test_sure_answers_are_accepted_in_bulk_and_checked(review: Review) -> None:
    review("decide", "1", "reject")
    words = ("--run", "ilp", "--least-margin", "0.2", "--class", "LOC")
    shown = review("accept-bulk", *words)
    assert (shown["would_change"], shown["applied"]) == ([2, 5, 6, 7, 8], False)
    made = review("accept-bulk", *words, "--yes")
    assert made["entities"] == {"PER": 5, "LOC": 5}
    # Whatever margin is asked for, what failed has no answer.
    lowest = ("--run", "ilp", "--least-margin=-inf")
    assert review("accept-bulk", *lowest)["would_change"] == [3]
    batch = str(made["batch"])
    first = review("precision", batch)
    assert (first["sentences"], first["checked"], first["estimate"]) == (5, 0, None)
    wrong, right, *_ = map(str, first["check_next"])
    review("decide", wrong, "accept", "--spans", "0-1:PER")
    review("decide", right, "accept")
    second = review("precision", batch)
    assert (second["checked"], second["check_next"]) == (2, first["check_next"][2:])
    assert second["estimate"]["precision"] == 0.75
    assert "3 of 4 entities" in review.told("precision", batch)
    assert review("precision", "99", exit_code=5)["error"] == "unknown-name"
    assert review("accept-bulk", *lowest, "--unanimous")["would_change"] == [3]
    review("decide", "3", "open", "--note", "Rome is missing")
    left = review("accept-bulk", *lowest, "--yes")
    assert (left["would_change"], left["noted"]) == ([], [3])
    assert review("show", "3")["states"][0]["answer"]["note"] == "Rome is missing"
    assert "somebody wrote a note: 3" in review.told("accept-bulk", *lowest)


def test_two_reviewers_answer_and_an_admin_decides(
    files: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    review = Review(capsys, "two")
    review("create", *files, "--method", "ilp", "--reviewers", "2")
    run_json(capsys, "people", "set", "Rosa", "reviewer")
    monkeypatch.setenv("SPANBRIDGE_AUTH", "header")
    monkeypatch.setenv("SPANBRIDGE_ADMINS", "Ada")
    monkeypatch.setenv("SPANBRIDGE_DEFAULT_ROLE", "reviewer")
    bulk = review("accept-bulk", "--run", "ilp", "--least-margin", "0.2", "--yes")
    assert review("precision", str(bulk["batch"]), by="Otto")["checked"] == 0
    assert review("undo-batch", str(bulk["batch"]))["changed"] == bulk["changed"]
    for name in ("Rosa", "Otto"):
        assert review("decide", "1", "accept", by=name)["track"] == name
    review("decide", "2", "accept", by="Rosa")
    assert [one["track"] for one in review("show", "2", by="Otto")["states"]] == ["", "Otto"]
    review("decide", "2", "accept", "--spans", "0-1:PER", by="Otto")
    assert review("agreement", exit_code=5)["error"] == "not-allowed"
    assert {one["reviewer"] for one in review("log", by="Otto")["log"]} == {"Otto"}
    found = review("agreement", by="Ada")
    assert (found["pairs"][0]["sentences"], found["pairs"][0]["identical"]) == (2, 0.5)
    assert [one["sentence"] for one in found["disputes"]] == ["2"]
    (dispute,) = review("adjudicate", by="Ada")["disputed"]
    assert (dispute["number"], len(dispute["answers"])) == (2, 2)
    assert review("progress")["statuses"] == {"accepted": 1, "open": SENTENCES - 1}
    refused = review("decide", "2", "accept", "--of", "Otto", "--final", exit_code=5)
    assert refused["error"] == "not-allowed"
    for word in ("accept", "open"):  # into one's own track, to read it there
        read = review("decide", "2", word, "--of", "Otto", exit_code=5)
        assert read["error"] == "not-allowed"
    assert review("decide", "2", "accept", "--of", "Rosa")["track"] == "Rosa"
    last = review("decide", "2", "accept", "--of", "Otto", "--final", by="Ada")
    assert (last["track"], last["kind"], spans_of(last)) == ("", "adjudicate", ["PER Anna"])
    assert review("adjudicate", by="Ada")["disputed"] == []
    assert review("progress")["statuses"]["accepted"] == 2
    nobody = review("decide", "3", "accept", "--of", "Otto", "--final", by="Ada", exit_code=5)
    assert nobody["error"] == "unknown-name"


def test_what_was_reviewed_goes_out_and_comes_back(review: Review, tmp_path: Path) -> None:
    review("decide", "1", "accept", "--spans", "0-1:PER 2-4:LOC")
    review("decide", "2", "reject")
    out = tmp_path / "out.conll"
    plain = review("export", str(out))
    assert (plain["written"], plain["to"], plain["left_out"], plain["changes"]) == (
        1, "conll", [], [],
    )  # fmt: skip
    filled = review("export", str(out), "--fill", "ilp")
    assert filled["written"] == SENTENCES - 2  # without the rejected and the failed one
    sentences = FORMATS.create("conll", {}).read(out, "de")
    assert sentences[0].spans == (Span(0, 1, "PER"), Span(2, 4, "LOC"))
    assert sentences[1].spans == (Span(0, 1, "PER"),)  # the third
    assert review("import", str(out))["same"] == 1
    assert review("progress")["statuses"] == {"accepted": 6, "rejected": 1, "open": 1}
    edited = out.read_text().replace("Rom\tB-LOC", "Rom\tB-GPE").replace("Rom B-LOC", "Rom B-GPE")
    out.write_text(edited)
    back = review("import", str(out))
    assert (back["changed"], back["same"], back["unmatched"]) == ([5, 6, 7, 8], 2, [])
    assert "0 changed, 6 the same" in review.told("import", str(out))
    person = review("apply", "--source", "Rome", "--label", "LOC", "--drop")
    assert person["left"]["decided"] == 7  # what came from a file is a person's word
    assert spans_of(review("show", "8")["states"][0]) == ["PER Anna", "GPE Rom"]
    assert review("undo-batch", str(back["batch"]))["changed"] == [5, 6, 7, 8]


def test_parallel_text_goes_out_with_the_reviewers_links(review: Review, tmp_path: Path) -> None:
    review("decide", "1", "accept")
    review("decide", "3", "accept", "--edits", "+3-3")
    pharaoh = tmp_path / "out.zip"
    found = review("export", str(pharaoh), "--to", "pharaoh")
    assert (found["written"], found["changes"]) == (2, [])
    with zipfile.ZipFile(pharaoh) as archive:
        links = archive.read("links.txt").decode().splitlines()
    assert links == ["0-0 1-1 2-2 3-3", "0-0 1-1 3-3"]
    filled = review("export", str(pharaoh), "--to", "pharaoh", "--fill", "heuristic")
    assert (filled["written"], filled["left_out"]) == (SENTENCES - 1, [])
    told = review.told("export", str(tmp_path / "out.tmx"))
    assert "2 of 8 sentences as tmx" in told
    odd = review("export", str(tmp_path / "out.jsonl"), exit_code=2)
    assert odd["error"] == "bad-config"  # several formats end so


def test_a_bad_file_changes_nothing(review: Review, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    good = {"words": ["Anna", "wohnt", "in", "Rom"], "spans": [[0, 1, "PER"]], "id": "1"}
    lines = [json.dumps(good), json.dumps({**good, "spans": [[0, 9, "PER"]], "id": "2"})]
    bad.write_text("\n".join(lines) + "\n")
    assert review("import", str(bad), exit_code=3)["error"] == "bad-annotation"
    assert review("log")["log"] == []
    found = review("import", str(bad), "--skip-bad")
    assert (found["changed"], len(found["bad"])) == ([1], 1)


def test_a_run_from_a_file_and_one_more_method(
    review: Review, files: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "made.jsonl"
    run_json(review.capsys, "project", *files, "--method", "greedy", "--out", str(out))
    made = review("run", "--file", str(out), "--name", "elsewhere")
    assert (made["name"], made["failures"], made["complete"]) == ("elsewhere", 1, True)
    again = review("run", "--method", "greedy", "--aligner", "precomputed")
    assert (again["name"], again["sentences"]) == ("greedy", SENTENCES)
    taken = review("run", "--method", "greedy", "--aligner", "precomputed", exit_code=5)
    assert taken["error"] == "bad-value"
    assert review("accept-bulk", "--run", "x", "--least-margin", "0", exit_code=5)


def test_work_is_handed_out_and_logged(review: Review, tmp_path: Path) -> None:
    assert review("assign", "Otto", "1-3", "5")["numbers"] == [1, 2, 3, 5]
    assert review("next", "--order", "corpus")["number"] == 4
    assert review("assign", "-", "1")["reviewer"] is None
    assert review("next", "--order", "corpus")["number"] == 1
    review("decide", "1", "accept")
    found = review("progress")
    assert found["reviewers"] == {"Rosa": {"accepted": 1}}
    assert found["assigned"] == {"Otto": 3}
    assert "given to Otto: 3" in review.told("progress")
    review("decide", "2", "accept")
    assert "Rosa: accept → accepted 0-1:PER 3-4:LOC" in review.told("log", "2")
    out = tmp_path / "log.jsonl"
    assert review("log", "--out", str(out))["decisions"] == 2
    kept = [json.loads(line) for line in out.read_text().splitlines()]
    assert kept == review("log")["log"]


def test_a_method_learns_from_what_was_reviewed(
    tmp_path: Path,
    files: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SPANBRIDGE_METHODS", str(tmp_path / "methods"))
    few = Review(capsys)
    few("create", *files, "--method", "ilp")
    assert few("learn", exit_code=3)["error"] == "missing-gold"
    (tmp_path / "more").mkdir()
    links = "0-0 1-1 2-2 3-3\n" * 3 * SENTENCES
    more = write_corpus(tmp_path / "more", SOURCE * 3, TARGET * 3, links)
    review = Review(capsys, "more")
    review("create", *more, "--method", "ilp")
    batch = review("accept-bulk", "--run", "ilp", "--least-margin", "0", "--yes")["batch"]
    # What was accepted in bulk is the method's own word: nothing is learned from it.
    assert review("learn", exit_code=3)["error"] == "missing-gold"
    review("undo-batch", str(batch))
    for number in range(1, 3 * SENTENCES + 1):
        review("decide", str(number), "accept")
    found = review("learn", "--save", "learned", "--folds", "2")
    assert (found["sentences"], found["before"]["f1"]) == (3 * SENTENCES, 1.0)
    assert "difference" in found["gain"]
    assert Path(found["saved"]).is_file()
    assert "gain" in review.told("learn", "--folds", "2")


def test_what_was_accepted_elsewhere_is_suggested(review: Review) -> None:
    assert review("suggest", "3") == {"suggestions": []}
    review("decide", "1", "accept")
    review("decide", "2", "accept")
    (one,) = review("suggest", "3")["suggestions"]
    assert (one["source"], one["text"], one["count"], one["basis"]) == ("Rome", "Rom", 2, "same")
    assert one["edits"] in review.told("suggest", "3")
    done = review("decide", "3", "accept", "--edits", one["edits"])
    assert spans_of(done) == ["PER Anna", "LOC Rom"]


def test_an_answer_of_another_run_is_about_the_entities_of_that(
    review: Review, files: list[str]
) -> None:
    review(
        "run", "--method", "ilp", "--aligner", "precomputed", "--set", "labels=LOC", "--name", "loc"
    )
    review("decide", "1", "accept", "--take", "loc", "--edits", "=0:2-4")
    assert spans_of(review("show", "1")["states"][0]) == ["LOC in Rom"]
    review("run-again", "held")
    said = {one["name"]: one["spans"] for one in review("show", "1")["runs"]}
    assert [(one["label"], one["text"]) for one in said["held"]] == [("LOC", "in Rom")]
    (one,) = review("suggest", "5")["suggestions"]
    assert (one["source"], one["accepted"]) == ("Rome", "in Rom")


def test_a_method_is_run_again_with_the_answers(review: Review) -> None:
    review("decide", "1", "accept", "--edits", "=1:2-4")
    again = review("run-again", "held")
    assert (again["name"], again["complete"], again["sentences"]) == ("held", True, SENTENCES)
    said = {one["name"]: one["spans"] for one in review("show", "1")["runs"]}
    assert [one["text"] for one in said["held"]] == ["Anna", "in Rom"]
    assert [one["text"] for one in said["ilp"]] == ["Anna", "Rom"]


def test_the_store_is_told_of_checked_mended_and_copied(review: Review, tmp_path: Path) -> None:
    review("decide", "1", "accept")
    told = run_json(review.capsys, "store", "info")
    assert (told["counts"]["decisions"], told["counts"]["sentences"]) == (1, SENTENCES)
    assert told["version"] >= 1
    copy = tmp_path / "copy.sqlite"
    assert run_json(review.capsys, "store", "backup", str(copy))["bytes"] > 0
    with sqlite3.connect(tmp_path / "store.sqlite") as connection:
        connection.execute("DELETE FROM states")
    connection.close()
    damaged = run_json(review.capsys, "store", "check", exit_code=5)
    assert damaged["error"] == "store-damaged"
    assert run_json(review.capsys, "store", "rebuild")["states"] == 1
    assert run_json(review.capsys, "store", "check")["counts"]["decisions"] == 1
    elsewhere = ("--store", f"sqlite:///{copy}")
    assert run_json(review.capsys, "review", "log", "small", *elsewhere)["log"][0]["number"] == 1
    assert run_json(review.capsys, "store", "backup", str(copy), exit_code=5)
    assert main(["store", "info"]) == 0
    assert "decisions: 1" in review.capsys.readouterr().out


def test_people_get_roles(
    files: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_json(capsys, "people", "set", "Rosa", "reviewer") == {
        "name": "Rosa", "role": "reviewer",
    }  # fmt: skip
    assert run_json(capsys, "people", "list")["people"] == {"Rosa": "reviewer"}
    assert run_json(capsys, "people", "set", "Rosa", "king", exit_code=2)["error"] == "unknown-name"
    monkeypatch.setenv("SPANBRIDGE_AUTH", "header")
    refused = run_json(capsys, "people", "set", "Otto", "admin", "--as", "Rosa", exit_code=5)
    assert refused["error"] == "not-allowed"
    assert main(["people", "list", "--as", "Rosa"]) == 0
    assert "you are Rosa, reviewer" in capsys.readouterr().out


def test_flags_mean_the_same_before_and_behind_the_action(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["review", "--json", "projects"], ["review", "projects", "--json"]):
        assert main(words) == 0
        assert json.loads(capsys.readouterr().out) == {"projects": []}


def test_whoever_has_no_login_must_give_a_name(
    files: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    refused = run_json(capsys, "people", "set", "Rosa", "admin", exit_code=2)
    assert (refused["error"], refused["hint"]) == ("bad-config", "add --as NAME")
    run_json(capsys, "people", "set", "Rosa", "admin", "--as", "Ada")


def test_spans_and_numbers_are_read() -> None:
    assert parse_spans(" 4-5:LOC 0-2:PER ") == (Span(0, 2, "PER"), Span(4, 5, "LOC"))
    assert parse_numbers(["3", "5-7"]) == [3, 5, 6, 7]
    for text in ("0-2", "2-2:PER", "a-b:PER", "-1-2:PER"):
        with pytest.raises(ConfigError):
            parse_spans(text)
    with pytest.raises(ConfigError):
        parse_numbers(["x"])
