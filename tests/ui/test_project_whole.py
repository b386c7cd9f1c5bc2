"""Runs over whole corpora on the page Project, driven through app.py; runs are real processes."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.chunks.cutting import CorpusChoice
from core.chunks.reading import CorpusFiles
from core.commands._project_whole import plan_projection
from core.config import ComponentChoice
from core.jobs import Run, create, list_runs, start
from core.methods import method
from core.store.database import VARIABLE
from core.whole_corpus import NOWHERE, Order
from tests.runs import comes_to, root
from tests.stores import ADMIN
from tests.ui.driving import INJECTION, as_role, has, healthy, open_app, shown, sign

__all__ = ["root"]  # a runs folder of its own for every test
pytestmark = pytest.mark.usefixtures("root")
LOCAL = ComponentChoice(name="local")


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, f"sqlite:///{tmp_path / 'store.sqlite'}")


def open_page(name: str = ADMIN.name) -> AppTest:
    app = open_app("project")
    healthy(app.segmented_control(key="project.mode").set_value("Whole corpus").run())
    return sign(app, name) if name else app


def ended(folder: Path, links: str = "0-0 1-1\n0-0\n", last_tag: str = "B-LOC") -> Run:
    """Project two sentences in a process of its own, by given links."""
    source = f"Ada\tB-PER\nslept\tO\n\nRome\t{last_tag}\n\n"
    texts = {"en.conll": source, "de.txt": "Ada schlief\nRom\n"}
    for name, text in {**texts, "links.txt": links}.items():
        (folder / name).write_text(text, encoding="utf-8")
    files = CorpusFiles(folder / "en.conll", folder / "de.txt", folder / "links.txt")
    config = method("heuristic").model_copy(
        update={"aligner": ComponentChoice(name="precomputed", parameters={"links": "file"})}
    )
    corpus = CorpusChoice("en", "de", files=files, skip_bad=True)
    order = Order(corpus, config, NOWHERE, size=1)
    run = create(plan_projection(order, LOCAL, name=INJECTION))
    start()
    return run


def test_without_runs_the_page_says_so() -> None:
    assert "No corpus" in shown(open_page(), "whole.none")


def test_on_a_server_nobody_sees_runs_before_logging_in(monkeypatch: pytest.MonkeyPatch) -> None:
    as_role(monkeypatch, None)
    app = open_page(name="")
    assert has(app, "whole.log_in")
    assert not has(app, "whole.begin")
    assert not has(app, "whole.none")


def test_a_run_shows_its_pace_and_what_came_out(tmp_path: Path) -> None:
    run = ended(tmp_path)
    comes_to(run, "done")
    app = open_page()
    assert INJECTION in shown(app, "whole.state", between="")
    assert "2 pairs done" in shown(app, "whole.pace")
    assert "other" in shown(app, "whole.stages")
    assert "[PER Ada] schlief" in shown(app, "whole.first")
    assert "2 shards" in shown(app, "whole.folder")
    assert "No sentence was left out" in shown(app, "whole.left_out")
    assert not has(app, "whole.failed")
    assert not has(app, "whole.skipped")


def test_a_run_shows_what_it_has_left_out_and_why(tmp_path: Path) -> None:
    comes_to(ended(tmp_path, last_tag=INJECTION.replace(" ", "\u00a0")), "done")
    app = open_page()
    assert "1 sentence was left out" in shown(app, "whole.left_out")
    told = shown(app, "whole.skipped", between="")
    assert "en.conll:4" in told
    assert "a tag must be" in told
    assert "<img\\xa0src=x" in told
    assert "One shard" in shown(app, "whole.folder")


def test_a_run_is_started_with_what_was_chosen(root: Path) -> None:
    app = open_page()
    app.selectbox(key="project.method").set_value("heuristic")
    app.number_input(key="whole.most").set_value(2)
    app.text_input(key="whole.name").set_value("two of them")
    healthy(app.run())
    healthy(app.button(key="whole.begin").click().run())
    assert "On its way" in shown(app, "runs.told")
    (run,) = list_runs(root)
    assert run.plan.name == "two of them"
    words = " ".join(run.plan.words)
    assert "--corpus demo" in words
    assert "--limit 2" in words
    assert "--engine local" in words
    assert run.plan.config["signature"].startswith("corpus:demo/en-de/first 2|method:heuristic")


@pytest.mark.parametrize(("name", "told"), [("", "who you are"), (ADMIN.name, "must be chosen")])
def test_what_is_missing_is_told(root: Path, name: str, told: str) -> None:
    app = open_page(name)
    healthy(app.segmented_control(key="whole.origin").set_value("Files").run())
    healthy(app.button(key="whole.begin").click().run())
    assert told in shown(app, "runs.told")
    assert list_runs(root) == []
