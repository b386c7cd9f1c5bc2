"""Attack replay on the page Evaluate, driven without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.config import ComponentChoice
from core.jobs import Plan, create
from core.jobs.folder import write_end
from core.overview.replay import Attack, Replay, ReplayedPair, replay_pair
from core.perturbations import Change
from core.store.database import VARIABLE
from core.types import Projection
from tests.runs import root
from tests.tiny_models import save_tagger
from tests.ui.driving import INJECTION, has, healthy, shown, start_app
from tests.unit.evaluate.builders import FAILURE, lost, project, sentence, took

__all__ = ["root"]  # a runs folder of its own for every test
ODD = INJECTION.replace(" ", "_")
BEFORE = sentence("Ada met Eva", (0, 1, "PER"), (2, 3, "PER"))
AFTER = sentence(f"Ada {ODD} Eva", (0, 1, "PER"), (2, 3, "PER"))
TARGET = sentence(f"Ada {ODD} Eva", (0, 1, "PER"), language="ar")
CHANGE = Change(0, 1, 1, ("met",), (ODD,), "", "typing error")
CLEAN = project(BEFORE, TARGET, took(0, 0, 1), lost(1, "no-link"), linked="0-0")
BOTH = project(AFTER, TARGET, took(0, 0, 1), took(1, 1, 2), linked="0-0 2-1")
NONE = project(AFTER, TARGET, lost(0, "no-link"), lost(1, "no-link"), linked="")
SAME = project(AFTER, TARGET, took(0, 0, 1), lost(1, "no-link"), linked="0-0")


# Streamlit runs this by its source alone, without what this file imports.
def found_page(found: object) -> None:
    from pages.sections.evaluate_flips import show_found

    show_found(found, page="replay", subject="one")


def pair_of(perturbed: Projection, number: int = 1) -> ReplayedPair:
    return replay_pair(number, CLEAN, perturbed, [CHANGE], side="source")


def show(*pairs: ReplayedPair) -> AppTest:
    found = Replay("signed", Attack(ComponentChoice(name="typos")), pairs, ("a note",))
    return healthy(AppTest.from_function(found_page, default_timeout=60, args=(found,)).run())


def test_flips_are_counted_listed_and_followed() -> None:
    page = show(pair_of(BOTH), pair_of(NONE, 2), pair_of(SAME, 3))
    assert "2 entities flipped. 3 of 3 sentences were changed." in shown(page, "replay.outcome")
    # One is lost, and one is too many.
    assert "2 broken, 0 mended" in shown(page, "replay.outcome")
    assert "alignment" in shown(page, "replay.counts")
    first = shown(page, "replay.row.0", between="")
    assert first == (
        f"gained · alignment: none → “{ODD}” (PER): its words got the link “Eva” – “{ODD}”."
    )
    assert "➤ here the runs part" in shown(page, "replay.steps")
    assert "gained" in shown(page, "replay.verdict")
    healthy(page.button(key="replay.open.1").click().run())
    assert "lost" in shown(page, "replay.verdict")
    steps = shown(page, "replay.steps", between="|")
    assert "Links||➤ here the runs part||“|Ada|” – “|Ada|”||none of its words is linked" in steps
    assert "a note" in shown(page, "replay.notes")


def test_text_stays_text() -> None:
    page = show(pair_of(BOTH))
    for name in ("replay.row.0", "replay.steps", "replay.changes", "replay.verdict"):
        (part, *_) = page.get_by_key(name).get("html")
        assert "<img" not in part.value
        assert "&lt;img" in part.value


def test_a_filter_by_stage_leaves_the_others_out() -> None:
    other = sentence(f"Ada {ODD} Eva", (2, 3, "PER"))
    unlabelled = project(other, TARGET, lost(0, "no-link"), linked="")
    page = show(pair_of(BOTH), pair_of(unlabelled, 2))
    assert has(page, "replay.row.1")
    page.multiselect(key="replay.stages").set_value(["labelling"])
    healthy(page.run())
    assert not has(page, "replay.row.1")
    assert "lost · labelling" in shown(page, "replay.row.0")


def test_nothing_flipped_is_said() -> None:
    page = show(pair_of(SAME))
    told = shown(page, "replay.outcome")
    assert told.strip().startswith("Nothing flipped. 1 of 1 sentences were changed.")
    assert not has(page, "replay.counts")
    unchanged = replay_pair(1, CLEAN, CLEAN, (), side="source", unchanged="no word was drawn")
    page = show(unchanged)
    assert "changed nothing, so that nothing could flip" in shown(page, "replay.outcome")
    assert "1 unchanged: no word was drawn" in shown(page, "replay.notes")


def test_a_failed_sentence_is_shown_as_failed() -> None:
    page = show(pair_of(project(AFTER, TARGET, failure=FAILURE, linked=None), 7))
    told = shown(page, "replay.failed")
    assert "Failed sentences: 1" in told
    assert "does not mean that they have no entities" in told
    assert "Sentence 7 failed in the perturbed run, in the stage align" in told
    # Nothing is known of it: it must not be told to have come out alike.
    assert "came out with the same words" not in shown(page, "replay.outcome")


@pytest.fixture
def page(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv(VARIABLE, f"sqlite:///{tmp_path / 'store.sqlite'}")
    save_tagger(tmp_path / "model", ["the", "in"], ["O", "B-PER", "I-PER"], positions=512)
    run = create(Plan(name="mine", words=("train",), config={"task": "ner"}))
    (run.folder / "artefacts").mkdir(exist_ok=True)
    (tmp_path / "model").rename(run.folder / "artefacts" / "model")
    write_end(run, "done", "")
    app = start_app()
    app.switch_page("pages/evaluate.py")
    healthy(app.run())
    app.session_state["evaluate.tabs"] = "Attack replay"
    return healthy(app.run())


@pytest.mark.encoder
def test_an_attack_on_the_demo_with_a_trained_tagger(page: AppTest) -> None:
    assert "Every sentence is projected twice" in shown(page, "replay.none")
    (trained,) = [one for one in page.selectbox(key="replay.labeller").options if "mine" in one]
    page.selectbox(key="replay.labeller").set_value(trained.partition(":")[0])
    page.selectbox(key="replay.perturbation").set_value("case")
    page.number_input(key="replay.limit").set_value(3)
    healthy(page.run())
    page.selectbox(key="replay.perturbation.case.to").set_value("upper")
    healthy(page.run())
    healthy(page.button(key="replay.begin").click().run())
    assert "2 of 3 sentences were changed" in shown(page, "replay.outcome")  # one is in capitals
    (signature,) = [one.value for one in page.code if "perturb:" in one.value]
    assert "labeller:token_classifier(model=" in signature
    assert signature.endswith("|perturb:case(to=upper)|side:source|seed:0")
    page.number_input(key="replay.seed").set_value(1)
    healthy(page.run())
    assert "have changed since" in shown(page, "replay.old")


@pytest.mark.encoder
def test_what_cannot_be_replayed_is_told(page: AppTest) -> None:
    page.selectbox(key="replay.method").set_value("model_transfer")
    healthy(page.run())
    healthy(page.button(key="replay.begin").click().run())
    assert "looks at no source sentence" in shown(page, "replay.error")
    page.selectbox(key="replay.perturbation").set_value("p1")
    healthy(page.run())
    assert page.button(key="replay.begin").disabled  # nobody said what was trained on
