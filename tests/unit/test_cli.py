"""The command line as a script would use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core import __version__
from core.cli import main
from core.commands import COMMANDS
from core.commands.components import FAMILIES
from core.types import Labelling, Sentence, Span
from tests.command_line import run_json, write_corpus
from tests.tiny_models import bert_config, save_tokenizer
from tests.translators import Lookup, One

SOURCE = "Anna B-PER\nlives O\nin O\nRome B-LOC\n\nNothing O\n\n"
TARGET = "Anna B-PER\nwohnt O\nin O\nRom B-LOC\n\nNichts O\n\n"
LINKS = "0-0 1-1 2-2 3-3\n0-0\n"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Write a small parallel corpus; return the options that name it."""
    return [*write_corpus(tmp_path, SOURCE, TARGET, LINKS), "--method", "ilp"]


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--version"], ["--help"], *[[name, "--help"] for name in COMMANDS]):
        with pytest.raises(SystemExit) as stopped:
            main(words)
        assert stopped.value.code == 0
    assert __version__ in capsys.readouterr().out


def test_evaluate_prints_what_scripts_rely_on(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    data = run_json(capsys, "evaluate", *files, "--partial", "--compare", "heuristic")
    assert data["overall"]["f1"] == 1.0
    assert set(data["overall"]) >= {"f1", "precision", "recall", "support"}
    assert set(data["per_label"]) == {"LOC", "PER"}
    assert (data["failures"], data["skipped"]) == (0, 0)
    assert data["seconds"] >= 0
    assert data["signature"].endswith(f"version:{__version__}")
    assert data["diagnosis"]["outcomes"]["correct"] == 2
    assert data["compare"]["heuristic"]["f1"] == 1.0
    assert data["partial"]


def test_evaluate_as_text(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", *files]) == 0
    shown = capsys.readouterr().out
    assert "overall       1.0000" in shown
    assert "failed sentences: 0" in shown


@pytest.mark.parametrize("ending", ["conll", "jsonl"])
def test_project_writes_the_file(
    files: list[str], ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / f"out.{ending}"
    data = run_json(capsys, "project", *files, "--out", str(out))
    assert (data["sentences"], data["entities"], data["failed"]) == (2, 2, 0)
    text = out.read_text(encoding="utf-8")
    assert "Rom" in text
    assert ("B-LOC" in text) == (ending == "conll")


def test_a_failed_sentence_is_reported_not_written_as_empty(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    demands = [f"projector.{key}" for key in ("sense=exactly", "n=3", "strict=true")]
    strict = [word for demand in demands for word in ("--set", demand)]
    out = tmp_path / "out.conll"
    data = run_json(capsys, "project", *files, *strict, "--out", str(out))
    assert (data["sentences"], data["failed"]) == (1, 1)
    assert "Rom" not in out.read_text(encoding="utf-8")
    assert "infeasible" in (tmp_path / "out.failed.jsonl").read_text(encoding="utf-8")
    scores = run_json(capsys, "evaluate", *files, *strict)
    assert (scores["failures"], scores["overall"]["recall"]) == (1, 0.0)


_DEMO = ("--corpus", "demo", "--target", "de", "--method", "heuristic")


@pytest.mark.parametrize("limit", ["0", "-1"])
@pytest.mark.parametrize(
    "words",
    [
        ("project", *_DEMO, "--out", "out.jsonl"),
        ("pipeline", "--text", "Ada", "--from", "de"),
        ("evaluate", *_DEMO),
        ("evaluate", "--test", "de=none.conll", "--tagger", "default"),
        ("evaluate", "--questions", "--test", "de=none.json", "--model", "none"),
        ("compare", *_DEMO, "--method", "ilp"),
        ("trace", *_DEMO),
        ("replay", *_DEMO, "--perturb", "typos"),
        ("concordance", *_DEMO, "--word", "Ada"),
        ("budget", *_DEMO),
        ("tune", *_DEMO),
        ("explain", *_DEMO, "--id", "1"),
        ("capsule", *_DEMO, "--id", "1", "--out", "out.md"),
        ("train", "ner", "--data", "none.conll"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_limit_takes_something(
    words: tuple[str, ...],
    limit: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    told = run_json(capsys, *words, "--limit", limit, exit_code=2)
    assert (told["error"], told["message"]) == (
        "bad-value",
        f"--limit must be 1 or more, got {limit}",
    )
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_is_missing_is_no_failure_of_sentences(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = ["--set", "candidates=chunk", "--set", "candidates.chunk.pipeline=no_such_pipeline"]
    out = tmp_path / "out.jsonl"
    told = run_json(capsys, "project", *files, *missing, "--out", str(out), exit_code=4)
    assert told["error"] == "model-not-found"
    assert "no_such_pipeline" in told["message"]
    assert not out.exists()


def test_align_writes_pharaoh(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (("s.txt", "Anna lives\nRome\n"), ("t.txt", "Anna lebt\nRom\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    out = tmp_path / "links.pharaoh"
    words = ["--source-file", str(tmp_path / "s.txt"), "--target-file", str(tmp_path / "t.txt")]
    code = main(["align", *words, "--aligner", "precomputed", "--out", str(out)])
    assert code == 3
    assert "missing-links" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.encoder
def test_align_with_the_encoder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in (
        ("s.txt", "Anna lives in Rome\n\nyes\n"),
        ("t.txt", "In Rom wohnt Anna\n\nja\n"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    out = tmp_path / "links.pharaoh"
    words = ["--source-file", str(tmp_path / "s.txt"), "--target-file", str(tmp_path / "t.txt")]
    data = run_json(capsys, "align", *words, "--out", str(out))
    assert data["pairs"] == 3
    first, empty, last = out.read_text(encoding="utf-8").split("\n")[:3]
    assert {"0-3", "3-1"} <= set(first.split())
    assert (empty, last) == ("", "0-0")


def test_explain_a_pair_of_the_corpus(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", *files, "--id", "1"]) == 0
    shown = capsys.readouterr().out
    assert "Rom" in shown
    assert run_json(capsys, "explain", *files, "--id", "1")


@pytest.mark.encoder
def test_explain_a_typed_pair(capsys: pytest.CaptureFixture[str]) -> None:
    typed = [
        "--source-text",
        "[PER Ada] lives in [LOC Rome].",
        "--target-text",
        "Ada wohnt in Rom.",
    ]
    assert main(["explain", *typed, "--target", "de"]) == 0
    assert "Rom" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "exit_code", "error"),
    [
        (["evaluate", "--corpus", "nonsense", "--target", "de"], 2, "unknown-name"),
        (["evaluate", "--corpus", "demo", "--target", "de", "--method", "x"], 2, "unknown-name"),
        (["evaluate", "--corpus", "demo", "--target", "de", "--set", "a"], 2, "bad-config"),
        (
            ["evaluate", "--source-file", "/no/such", "--target-file", "/no", "--target", "de"],
            3,
            "file-not-found",
        ),
        (["explain", "--corpus", "demo", "--target", "de"], 2, "bad-config"),
        (["explain", "--corpus", "demo", "--target", "de", "--id", "zz"], 3, "bad-value"),
    ],
    ids=lambda value: " ".join(value[:1]) if isinstance(value, list) else str(value),
)
def test_errors_have_codes_hints_and_exit_codes(
    words: list[str], exit_code: int, error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--json"]) == exit_code
    captured = capsys.readouterr()
    assert json.loads(captured.out)["error"] == error
    assert f"[{error}]" in captured.err


def test_skip_bad_counts_what_it_left_out(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "de.conll").write_text(TARGET.replace("Rom B-LOC", "Rom Q-LOC"), encoding="utf-8")
    assert main(["evaluate", *files]) == 3
    assert "de.conll:4" in capsys.readouterr().err
    (tmp_path / "en.conll").write_text(SOURCE.replace("Nothing O", "Nothing B-LOC"), "utf-8")
    (tmp_path / "de.conll").write_text(
        TARGET.replace("Rom B-LOC", "Rom Q-LOC").replace("Nichts O", "Nichts B-LOC"), "utf-8"
    )
    data = run_json(capsys, "evaluate", *files, "--skip-bad")
    assert (data["skipped"], data["overall"]["support"], data["overall"]["f1"]) == (1, 1, 1.0)


def test_lists(capsys: pytest.CaptureFixture[str]) -> None:
    corpora = run_json(capsys, "corpora")["corpora"]
    assert {"demo", "europarl-ner", "uner-pud"} <= {corpus["name"] for corpus in corpora}
    components = run_json(capsys, "components")
    assert set(components) == {"methods", *FAMILIES}
    assert main(["components", "projectors"]) == 0
    assert "min_score=0.0" in capsys.readouterr().out


def test_doctor_names_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    data = run_json(capsys, "doctor")
    checks = {check["name"]: check for check in data["checks"]}
    assert data["ok"]
    assert checks["solvers"]["ok"]
    assert all(check["ok"] or check["fix"] for check in data["checks"])
    assert {"apertium", "apertium pairs", "eflomal-align", "peft", "sacrebleu"} <= set(checks)


def test_programs_that_are_missing_are_listed_with_the_fix(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    checks = {check["name"]: check for check in run_json(capsys, "doctor")["checks"]}
    components = run_json(capsys, "components")
    fixes = {
        "apertium": components["translators"]["apertium"],
        "eflomal-align": components["aligners"]["eflomal"],
    }
    for program, component in fixes.items():
        assert (checks[program]["ok"], component["available"]) == (False, False)
        assert checks[program]["fix"] == component["fix"] != ""
    assert not checks["apertium pairs"]["ok"]
    assert components["aligners"]["simalign"]["available"]


def test_doctor_fails_where_something_required_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from core.commands import doctor

    monkeypatch.setattr(doctor, "_REQUIRED", ("numpy", "no-such-package"))
    data = run_json(capsys, "doctor", exit_code=4)
    check = next(check for check in data["checks"] if check["name"] == "no-such-package")
    assert check["fix"] == "pip install no-such-package"


@pytest.mark.encoder
def test_bench_align_compares_links_with_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("simalign")
    data = run_json(capsys, "bench", "align", "--pairs", "6", "--repeats", "1")
    assert (data["identical_links"], data["pairs"]) == (6, 6)
    assert data["ratio"] > 0
    assert data["ratio_itermax"] > 0
    assert min(data["ratio_int8"], data["ratio_int8_itermax"]) > 0
    for shares in data["int8_links"].values():
        assert min(shares["precision"], shares["recall"]) > 0.9


@pytest.mark.encoder
def test_bench_match_finds_equal_objectives(capsys: pytest.CaptureFixture[str]) -> None:
    data = run_json(capsys, "bench", "match", "--pairs", "12")
    assert data["objectives_equal"]
    assert data["instances"] > 0
    assert min(data["ratio_pulp"], data["ratio_default"]) > 0


@pytest.mark.encoder
@pytest.mark.real_data
@pytest.mark.slow
@pytest.mark.parametrize(
    "targets",
    [["de"], pytest.param(["de", "es", "it"], marks=pytest.mark.thorough, id="all")],
)
def test_projection_on_europarl_stays_above_the_floor(
    targets: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The default method, four classes: mean F1 over the languages (docs/results.md)."""
    scores = [
        run_json(capsys, "evaluate", "--corpus", "europarl-ner", "--target", target)["overall"][
            "f1"
        ]
        for target in targets
    ]
    assert sum(scores) / len(scores) >= 0.920


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("target", "links", "peer"),
    [
        ("es", "awesome", 0.9146),
        ("es", "simalign", 0.8668),
        ("fr", "awesome", 0.9126),
        ("fr", "simalign", 0.8632),
    ],
)
def test_projection_beats_the_peer_on_the_same_links(
    target: str, links: str, peer: float, capsys: pytest.CaptureFixture[str]
) -> None:
    """Links counted and matched, no encoder, on the peer's own alignments."""
    words = ["--corpus", "absa-projection", "--target", target, "--method", "ilp"]
    words += ["--aligner", "precomputed", "--set", f"aligner.links={links}", "--set", "split=train"]
    assert run_json(capsys, "evaluate", *words)["overall"]["f1"] > peer


def test_tune_keeps_the_method_it_found(
    files: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SPANBRIDGE_METHODS", str(tmp_path / "methods"))
    data = run_json(capsys, "tune", *files, "--folds", "2", "--save", "mine")
    assert data["before"]["f1"] == data["after"]["f1"] == data["held_out"]["f1"] == 1.0
    assert data["weights"] == {"align": 1.0}
    assert data["saved"] == str(tmp_path / "methods" / "mine.json")
    again = run_json(capsys, "evaluate", *files, "--method", "mine")
    assert again["overall"]["f1"] == 1.0
    assert "method:mine|" in again["signature"]
    listed = run_json(capsys, "components", "methods")["methods"]
    assert listed["mine"]["description"].startswith("tuned on ")


def test_budget_prints_a_row_a_stage(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    data = run_json(capsys, "budget", *files)
    assert set(data["oracles"]) == {"translation", "labels", "candidates", "links"}
    assert data["oracles"]["links"]["costs_points"] == 0.0
    assert data["oracles"]["translation"] == {"remark": "nothing is translated"}
    assert main(["budget", *files]) == 0
    shown = capsys.readouterr().out
    assert "gold instead of" in shown
    assert "nothing is translated" in shown


def test_evaluate_counts_markers_and_judges_the_translation(
    files: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = "[Anna] lives in [Rome]"
    translator = Lookup({"Anna wohnt in Rom": "Anna lives in Rome", sent: "[Anna] wohnt in Rom"})
    for place in ("core.workflow", "core.routes._marking"):
        monkeypatch.setattr(f"{place}.TRANSLATORS", One(translator))
    words = [*files[:-2], "--method", "markers", "--translator", "lookup", "--labeller", "gold"]
    words[words.index("--links-file") : words.index("--links-file") + 2] = []
    monkeypatch.setattr("core.workflow.LABELLERS", One(_People()))
    data = run_json(capsys, "evaluate", *words)
    assert data["markers"] == {
        "sentences": 1,
        "damaged": 1,
        "entities": 2,
        "lost": 1,
        "dropped": 0,
    }
    assert data["translation"]["sentences"] == 2
    assert 0 < data["translation"]["chrf"] < 100
    assert main(["evaluate", *words]) == 0
    shown = capsys.readouterr().out
    assert "markers: 1 of 2 lost, in 1 of 1 sentences; 0 dropped" in shown
    assert "translation: chrF" in shown


class _People:
    """Labels Anna and Rome wherever they stand."""

    def label(self, sentences: list[Sentence], progress: object = None) -> list[Labelling]:
        known = {"Anna": "PER", "Rome": "LOC"}
        return [
            Labelling(
                tuple(
                    Span(place, place + 1, known[word])
                    for place, word in enumerate(one.words)
                    if word in known
                )
            )
            for one in sentences
        ]

    def classes(self) -> tuple[str, ...]:
        return ("LOC", "PER")

    def release(self) -> None: ...


def test_train_writes_a_tagger_that_labels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import torch
    from transformers import BertModel

    torch.manual_seed(0)
    vocabulary = save_tokenizer(tmp_path / "base", ["anna", "rome", "lives", "in", "the", "town"])
    BertModel(bert_config(vocabulary)).save_pretrained(tmp_path / "base")
    lines = "anna B-PER\nlives O\nin O\nrome B-LOC\n\n" * 16
    (tmp_path / "train.conll").write_text(lines, encoding="utf-8")
    recipe = {"epochs": "5", "batch": "4", "learning_rate": "0.03", "rank": "4", "masked": "0"}
    settings = [f"{key}={value}" for key, value in recipe.items()]
    words = ["train", "--out", str(tmp_path / "made"), "--set", f"base={tmp_path / 'base'}"]
    words += ["--train-file", str(tmp_path / "train.conll")]
    words += ["--dev-file", str(tmp_path / "train.conll")]
    words += [word for setting in settings for word in ("--set", setting)]
    data = run_json(capsys, *words)
    assert data["dev_f1"] == 1.0
    assert [one["epoch"] for one in data["epochs"]] == [1, 2, 3, 4, 5]
    (tmp_path / "text.conll").write_text("anna O\nlives O\nin O\nrome O\n", encoding="utf-8")
    tagger = ["--tagger", "token_classifier", "--set", f"tagger.model={tmp_path / 'made'}"]
    both = ["--source-file", str(tmp_path / "text.conll")]
    both += ["--target-file", str(tmp_path / "train.conll.one")]
    (tmp_path / "train.conll.one").write_text(lines[: len(lines) // 16], encoding="utf-8")
    found = run_json(
        capsys, "evaluate", *both, "--target", "de", "--method", "model_transfer", *tagger
    )
    assert found["overall"]["f1"] == 1.0


def test_train_refuses_a_file_without_entities(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bare.conll").write_text("a O\n", encoding="utf-8")
    file = str(tmp_path / "bare.conll")
    words = ["train", "--out", str(tmp_path / "x"), "--train-file", file, "--dev-file", file]
    assert run_json(capsys, *words, exit_code=3)["error"] == "missing-gold"
    assert not (tmp_path / "x").exists()
