"""The page Train, driven through app.py without a browser; runs are real processes."""

from __future__ import annotations

import os
import signal
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.jobs import list_runs, reconcile, start
from core.jobs.folder import read_run
from core.store import decisions
from core.store.answers import Answer, AnswerSpan
from core.store.database import VARIABLE, Store
from core.store.people import Role
from tests.runs import comes_to, counting, root, until
from tests.stores import ADMIN, small_project
from tests.ui.driving import INJECTION, as_role, has, healthy, open_app, shown

__all__ = ["root"]  # a runs folder of its own for every test
pytestmark = pytest.mark.usefixtures("root")


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, f"sqlite:///{tmp_path / 'store.sqlite'}")


open_page = partial(open_app, "train", name=ADMIN.name)


def click(app: AppTest, name: str) -> AppTest:
    run = app.selectbox(key="train.run").value
    return healthy(app.button(key=f"train.{name}.{run}").click().run())


def test_without_runs_the_page_says_so(root: Path) -> None:
    assert str(root) in shown(open_page(), "train.none")


def test_a_run_is_shown_with_curves_and_log() -> None:
    run = counting(12, name=INJECTION)
    start()
    comes_to(run, "done")
    app = open_page(run=run.id)
    assert "done" in shown(app, "train.state")
    assert INJECTION in shown(app, "train.runs_table", between="")
    assert "12 of 12" in shown(app, "train.runs_table")
    assert "value" in shown(app, "train.curves.table")
    assert "counted to 12" in app.code[0].value
    assert "abc" in shown(app, "train.asked")
    assert all(app.button(key=f"train.{name}.{run.id}").disabled for name in ("start", "resume"))


def test_a_run_is_started_stopped_and_resumed() -> None:
    run = counting(2000, "--milliseconds", "20", "--slow-attempts", "1")
    app = open_page()
    assert app.query_params["run"] in (run.id, [run.id])
    click(app, "start")
    until(lambda: (run.folder / "metrics.jsonl").exists())
    click(app, "stop")
    assert f"Stopped: {run.id}" in shown(app, "runs.told")
    assert read_run(run.folder).state == "done" or "stopped" in shown(app, "train.state")
    click(app, "resume")
    assert comes_to(run, "done").status.attempt == 2


def test_a_tagger_is_pinned_and_then_offered_for_projection() -> None:
    run = counting(2, name="my tagger", task="ner")
    start()
    comes_to(run, "done")
    (run.folder / "artefacts" / "model").mkdir()
    app = open_page()
    click(app, "pin")
    assert "Offered as labeller" in shown(app, "runs.told")
    assert "pinned" in shown(app, "train.runs_table")
    app.switch_page("pages/project.py")
    healthy(app.run())
    box = app.selectbox(key="project.labeller.pinned")
    assert box.options == [f"{run.id}: my tagger"]
    healthy(box.set_value(f"run:{run.id}").run())
    app.switch_page("pages/train.py")
    click(healthy(app.run()), "unpin")
    assert "No longer offered" in shown(app, "runs.told")
    app.switch_page("pages/project.py")
    healthy(app.run())
    assert not has(app, "project.labeller.pinned")


def test_nothing_is_started_for_nobody() -> None:
    run = counting(3)
    app = open_page(name="")
    click(app, "start")
    assert "who you are" in shown(app, "runs.told")
    assert read_run(run.folder).state == "queued"


def test_on_a_server_nobody_sees_runs_before_logging_in(monkeypatch: pytest.MonkeyPatch) -> None:
    counting(3)
    as_role(monkeypatch, None)
    app = open_page(name="")
    assert has(app, "train.log_in")
    assert not app.tabs
    as_role(monkeypatch, "viewer")
    assert has(open_page(name=""), "train.runs_table")


def test_a_wrong_setting_lets_nobody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPANBRIDGE_AUTH", "nonsense")
    app = open_page(name="")
    assert "must be one of" in shown(app, "train.actor.error")
    assert has(app, "train.log_in")


def test_on_a_server_a_viewer_writes_no_data_of_a_project(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'store.sqlite'}")
    project, ids = small_project(store)
    answer = Answer("accepted", (AnswerSpan(0, 1, "PER"),))
    decisions.decide(store, ADMIN, project, decisions.Change(ids[0], answer, 0), "accept")
    store.close()

    def add(role: Role) -> AppTest:
        as_role(monkeypatch, role)
        app = open_form(name="")
        app.session_state["train.ner.data.origin"] = "A project"
        app.session_state["train.ner.data.project"] = project.name
        healthy(app.run())
        return healthy(app.button(key="train.ner.data.add").click().run())

    before = list(root.rglob("*"))
    app = add("viewer")
    assert "must be reviewer" in shown(app, "train.ner.data.wrong_text")
    assert list(root.rglob("*")) == before
    assert "1 sentences" in shown(add("reviewer"), "train.ner.data.part.0")


def test_what_cannot_be_done_is_told() -> None:
    run = counting(3)
    app = open_page()
    start()  # somebody else was faster
    comes_to(run, "done")
    click(app, "start")
    assert "must be queued" in shown(app, "runs.told")


def test_a_run_whose_processes_went_away_is_lost_and_shown_as_lost() -> None:
    run = counting(2000, "--milliseconds", "20")
    start()
    status = read_run(run.folder).status
    until(lambda: (run.folder / "metrics.jsonl").exists())
    assert status.pid is not None
    os.killpg(status.pid, signal.SIGKILL)
    until(lambda: reconcile()[0].state == "lost")
    app = open_page()
    assert "went away" in shown(app, "train.state")
    assert not app.button(key=f"train.resume.{run.id}").disabled


def test_an_address_with_no_such_run_is_told() -> None:
    counting(3)
    assert "nowhere" in shown(open_page(run="nowhere"), "runs.told")


def test_runs_are_compared() -> None:
    runs = [counting(total, name=f"to {total}") for total in (5, 9)]
    start()  # each starts the next
    for run in runs:
        comes_to(run, "done")
    app = open_page()
    app.session_state["train.tabs"] = "Compare runs"
    healthy(app.run())
    assert has(app, "train.choose")
    app.multiselect(key="train.compared").set_value([run.id for run in runs])
    healthy(app.run())
    assert "config.total 5 9" in " ".join(shown(app, "train.differences").split())
    assert all(run.id in shown(app, "train.compared_curves.table") for run in runs)


def open_form(**address: str) -> AppTest:
    app = open_page(**address)
    app.session_state["train.tabs"] = "New run"
    return healthy(app.run())


def test_the_form_asks_for_a_run_and_queues_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.unit.training.conftest import save_base

    base = tmp_path / "base"
    base.mkdir()
    save_base(base)
    monkeypatch.setattr("core.jobs.start", lambda *_: [])  # queued is enough here
    app = open_form()
    for role in ("data", "dev"):
        app.session_state[f"train.ner.{role}.origin"] = "A corpus"
        app.session_state[f"train.ner.{role}.corpus"] = "demo"
    healthy(app.run())
    for role in ("data", "dev"):
        healthy(app.button(key=f"train.ner.{role}.add").click().run())
    app.selectbox(key="train.ner.method").set_value("freelb")
    healthy(app.run())
    app.number_input(key="train.ner.method.freelb.steps").set_value(2)
    app.number_input(key="train.ner.recipe.learning_rate").set_value(0.0004)
    app.number_input(key="train.ner.recipe.updates").set_value(7)
    app.text_input(key="train.ner.recipe.base").set_value(str(base))
    healthy(app.run())
    healthy(app.button(key="train.estimate").click().run())
    assert "steps 7" in " ".join(shown(app, "train.estimated").split())
    healthy(app.button(key="train.begin").click().run())
    assert "on its way" in shown(app, "runs.told")
    (run,) = list_runs()
    asked = run.plan.config
    assert (asked["method"], asked["updates"], asked["learning_rate"]) == (
        "freelb(steps=2)",
        7,
        0.0004,
    )
    assert run.plan.needs.memory_bytes > 0
    assert list(run.plan.data) == ["demo/en"]


def test_what_cannot_be_trained_on_is_told_and_nothing_is_queued() -> None:
    app = open_form()
    app.text_input(key="train.ner.recipe.base").set_value("no/such/model")
    app.session_state["train.ner.data.origin"] = "A corpus"
    app.session_state["train.ner.data.corpus"] = "demo"
    app.session_state["train.ner.dev.origin"] = "A corpus"
    app.session_state["train.ner.dev.corpus"] = "demo"
    healthy(app.run())
    for role in ("data", "dev"):
        healthy(app.button(key=f"train.ner.{role}.add").click().run())
    healthy(app.button(key="train.begin").click().run())
    assert "no/such/model" in shown(app, "runs.told")
    assert list_runs() == []


def test_a_projects_reviewed_sentences_are_training_data(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'store.sqlite'}")
    project, ids = small_project(store)
    app = open_form()
    app.session_state["train.ner.data.origin"] = "A project"
    app.session_state["train.ner.data.project"] = project.name
    healthy(app.run())
    healthy(app.button(key="train.ner.data.add").click().run())
    assert "entities to learn from" in shown(app, "train.ner.data.wrong_text")
    answer = Answer("accepted", (AnswerSpan(0, 1, "PER"),))
    decisions.decide(store, ADMIN, project, decisions.Change(ids[0], answer, 0), "accept")
    healthy(app.button(key="train.ner.data.add").click().run())
    assert "1 sentences" in shown(app, "train.ner.data.part.0")
    (part,) = app.session_state["train.ner.data.parts"]
    lines = Path(part.choice.source).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1
    assert "PER" in lines[0]
    healthy(app.button(key="train.ner.data.drop.0.1").click().run())
    assert has(app, "train.ner.data.usual")
    store.close()
