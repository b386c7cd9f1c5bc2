"""The page Evaluate, driven through app.py without a browser; evaluations are real processes."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Multiselect

from core.jobs import list_runs
from core.store.database import VARIABLE
from pages.sections.file_inputs import Upload
from tests.evaluations import base_model, evaluated, people_file, question_file, trained
from tests.runs import comes_to, root
from tests.stores import ADMIN
from tests.ui.driving import INJECTION, as_role, has, healthy, open_app, shown

__all__ = ["root"]  # a runs folder of its own for every test
pytestmark = pytest.mark.usefixtures("root")
TEST = "Ada B-PER\nlives O\nin O\nLondon B-LOC\n\nShe O\nmet O\nCharles B-PER\nBabbage I-PER\n"


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, f"sqlite:///{tmp_path / 'store.sqlite'}")


def open_page(tab: str) -> AppTest:
    app = open_app("evaluate", name=ADMIN.name)
    app.session_state["evaluate.tabs"] = tab
    return healthy(app.run())


def test_without_evaluations_the_page_says_how_to_get_one() -> None:
    assert "New evaluation" in shown(open_page("Results"), "evaluate.none")


def test_nothing_is_evaluated_without_test_sentences() -> None:
    assert open_page("New evaluation").button(key="evaluate.begin").disabled


def test_on_a_server_nobody_sees_evaluations_before_logging_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    as_role(monkeypatch, None)
    app = open_app("evaluate")
    assert has(app, "evaluate.log_in")
    assert not app.tabs
    as_role(monkeypatch, "viewer")
    assert has(open_app("evaluate"), "evaluate.none")


@pytest.mark.encoder
def test_a_tagger_is_evaluated_clean_and_perturbed() -> None:
    app = open_page("New evaluation")
    data = TEST.encode()
    app.session_state["train.ner.test.origin"] = "A file"
    app.session_state["train.ner.test.file.kept"] = Upload(
        "gold.conll", data, sha256(data).hexdigest()
    )
    app.multiselect(key="evaluate.perturbations").set_value(["case", "p1"])
    healthy(app.run())
    healthy(app.button(key="train.ner.test.add").click().run())
    app.session_state["train.ner.test.origin"] = "A corpus"
    app.session_state["train.ner.test.corpus"] = "demo"
    healthy(app.run())
    app.selectbox(key="train.ner.test.language.demo").set_value("sw")
    healthy(app.run())
    healthy(app.button(key="train.ner.test.add").click().run())
    healthy(app.button(key="evaluate.begin").click().run())
    assert "On its way" in shown(app, "runs.told")
    (run,) = list_runs()
    assert "p1" not in run.plan.config["perturbations"]  # nobody said what was trained on
    comes_to(run, "done", seconds=90)
    app = open_page("Results")
    scores = shown(app, "evaluate.scores")
    assert "clean" in scores
    assert "case" in scores
    assert "PER" in shown(app, "evaluate.classes")
    assert list(app.selectbox(key="evaluate.set").options) == ["en", "sw"]
    assert "ECE" in shown(app, "evaluate.entities")


def give_file(app: AppTest, name: str, data: bytes) -> AppTest:
    """Upload questions, English ones as the inputs stand, and add them to the list."""
    upload = Upload(name, data, sha256(data).hexdigest())
    app.session_state["evaluate.qa.tests.origin"] = "A file"
    app.session_state["evaluate.qa.tests.file.kept"] = upload
    healthy(app.run())
    return healthy(app.button(key="evaluate.qa.tests.add").click().run())


def test_a_model_that_answers_is_evaluated_on_pairings_of_languages(
    root: Path, tmp_path: Path
) -> None:
    file = question_file(tmp_path / "squad.json")
    model = trained("qa", file, base_model(tmp_path / "base"), root, method=INJECTION, updates=4)
    app = open_page("New evaluation")
    app.session_state["evaluate.task"] = "qa"
    healthy(app.run())
    app.multiselect(key="evaluate.qa.perturbations").set_value(["typos"])
    assert app.multiselect(key="evaluate.qa.models").value == [model.id]
    give_file(app, "questions.json", file.read_bytes())
    assert "questions.json (en)" in shown(app, "evaluate.qa.tests.part.0")
    give_file(app, "again.json", file.read_bytes())
    assert "once, got en again" in shown(app, "evaluate.qa.tests.wrong_text")

    folder = tmp_path / "MLQA"
    folder.mkdir()
    for pairing in ("context-de-question-de", "context-de-question-en"):
        question_file(folder / f"test-{pairing}.json", shift=4)
    app.session_state["evaluate.qa.tests.origin"] = "A path on this machine"
    healthy(app.run())
    app.text_input(key="evaluate.qa.tests.path").set_value(str(folder))
    healthy(app.run())
    healthy(app.button(key="evaluate.qa.tests.add").click().run())
    assert "MLQA (de, de asked in en)" in shown(app, "evaluate.qa.tests.part.1")
    healthy(app.button(key="evaluate.begin").click().run())
    assert "On its way" in shown(app, "runs.told")
    run = comes_to(list_runs()[-1], "done", seconds=90)
    assert (run.plan.config["method"], len(run.plan.data)) == (INJECTION, 3)

    app = open_page("Results")
    assert app.segmented_control(key="evaluate.results_task").value == "qa"
    assert INJECTION in shown(app, "evaluate.qa.means", between="")
    assert list(app.selectbox(key="evaluate.qa.set").options) == ["en", "de", "de, asked in en"]
    assert "asked in de asked in en" in " ".join(shown(app, "evaluate.qa.matrix.table").split())
    clean = shown(app, "evaluate.qa.matrix.table")
    app.selectbox(key="evaluate.qa.under").set_value("typos")
    app.segmented_control(key="evaluate.qa.measure").set_value("exact_match")
    healthy(app.run())
    assert "Exact match, 0 to 100, typos" in shown(app, "evaluate.qa.matrix.table") != clean
    assert "typos" in shown(app, "evaluate.qa.scores")
    app.segmented_control(key="evaluate.results_task").set_value("ner")
    assert "No such evaluation" in shown(healthy(app.run()), "evaluate.none")
    assert not has(app, "evaluate.qa.means")


def test_paths_of_the_machine_are_for_admins_only(root: Path, tmp_path: Path) -> None:
    app = open_page("New evaluation")
    app.session_state["evaluate.task"] = "qa"
    app.session_state["evaluate.qa.tests.origin"] = "A path on this machine"
    app.session_state["evaluate.qa.tests.path"] = str(tmp_path)
    app.text_input(key="reviewer.name").set_value("")
    healthy(app.run())
    healthy(app.button(key="evaluate.qa.tests.add").click().run())
    assert "who you are" in shown(app, "evaluate.qa.tests.wrong_text")
    assert "train one first" in shown(app, "evaluate.qa.no_model")
    app.text_input(key="reviewer.name").set_value(ADMIN.name)
    healthy(app.run())
    healthy(app.button(key="evaluate.qa.tests.add").click().run())
    assert "test-context-LANGUAGE" in shown(app, "evaluate.qa.tests.wrong_text")


def methods_input(app: AppTest) -> Multiselect:
    """Return the choice of methods; its key depends on the test files."""
    (found,) = [one for one in app.multiselect if ".over_seeds.methods.ner." in (one.key or "")]
    return found


def test_methods_are_compared_over_their_seeds(root: Path, tmp_path: Path) -> None:
    base = base_model(tmp_path / "base")
    file, gold = people_file(tmp_path / "p.conll"), people_file(tmp_path / "gold.conll", 3)
    for method, updates in (("plain", 2), (INJECTION, 8)):
        for seed in (1, 2):
            model = trained("ner", file, base, root, method=method, seed=seed, updates=updates)
            evaluated(model, [f"en={gold}"], "typos", root)
    longer = trained("ner", file, base, root, method="plain", seed=1, updates=9)
    evaluated(longer, [f"en={gold}"], "case", root)
    app = open_page("Over seeds")
    assert methods_input(app).value == ["plain", INJECTION, "plain (2)"]
    assert "“ plain (2) ” was trained otherwise" in shown(app, "evaluate.over_seeds.remarks")
    assert not has(app, "evaluate.over_seeds.scores")
    healthy(app.button(key="evaluate.over_seeds.compare").click().run())
    told = shown(app, "evaluate.over_seeds.left_out")
    assert "en.typos: only 4 of 5 runs have it" in told
    methods_input(app).set_value(["plain", INJECTION])
    assert not has(healthy(app.run()), "evaluate.over_seeds.scores")
    healthy(app.button(key="evaluate.over_seeds.compare").click().run())
    assert not has(app, "evaluate.over_seeds.left_out")
    scores = shown(app, "evaluate.over_seeds.scores", between="")
    assert INJECTION in scores
    assert "over all 2 comparisons" in scores
    assert "fewer than three seeds" in shown(app, "evaluate.over_seeds.few")
    assert "typos" in shown(app, "evaluate.over_seeds.changes.table")
    assert "multi-bootstrap" in shown(app, "evaluate.over_seeds.signature")


def test_without_kept_sets_nothing_is_compared(root: Path) -> None:
    assert "on the same test files" in shown(open_page("Over seeds"), "evaluate.over_seeds.none")
