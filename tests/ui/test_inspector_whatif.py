"""The inspector's what-if, edits, card and address, driven without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.driving import address, as_role, go_back, has, healthy, shown
from tests.ui.test_inspector import encoder, open_page, type_pair

__all__ = ["encoder"]  # a fixture that every test here uses
pytestmark = pytest.mark.encoder
WEIGHT = "inspector.whatif.scores.content.weight"
LEAST = "inspector.whatif.projector.min_score"


@pytest.fixture
def page() -> AppTest:
    return open_page(sentence="3")


def flips(page: AppTest, name: str) -> str:
    return shown(page, f"inspector.flips.{name}")


def test_a_slider_flips_where_it_says(page: AppTest) -> None:
    told = flips(page, "projector-min_score")
    assert "flips at 1.65 (C)" in told
    healthy(page.slider(key=LEAST).set_value(1.6).run())
    assert "Nothing moved" in shown(page, "inspector.moves")
    healthy(page.slider(key=LEAST).set_value(1.65).run())
    assert "C LOC lost “ Genf ”" in shown(page, "inspector.moves")
    assert "no longer as in gold" in shown(page, "inspector.moves")
    assert "not projected" in shown(page, "inspector.decisions")


def test_flips_stay_where_they_are_while_the_slider_moves(page: AppTest) -> None:
    before = flips(page, "projector-min_score")
    healthy(page.slider(key=LEAST).set_value(2.5).run())
    after = flips(page, "projector-min_score")
    assert after.replace("run: 1;", "").split() == before.split()


def test_reset_takes_everything_back(page: AppTest) -> None:
    page.slider(key=LEAST).set_value(1.65)
    page.slider(key=WEIGHT).set_value(0.5)
    healthy(page.run())
    assert "2 settings" in shown(page, "inspector.bar_lead")
    healthy(page.button(key="inspector.reset").click().run())
    assert not has(page, "inspector.bar")
    assert page.slider(key=LEAST).value == 1.0
    assert "as in gold" in shown(page, "inspector.outcome")


def test_what_if_values_can_be_saved_as_a_method(
    page: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("SPANBRIDGE_METHODS", str(tmp_path_factory.mktemp("methods")))
    healthy(page.slider(key=LEAST).set_value(0.5).run())
    healthy(page.text_input(key="inspector.save_name").set_value("default").run())
    healthy(page.button(key="inspector.save").click().run())
    assert "none of the built-in ones" in shown(page, "inspector.saving.error")
    healthy(page.text_input(key="inspector.save_name").set_value("milder").run())
    healthy(page.button(key="inspector.save").click().run())
    healthy(page.selectbox(key="inspector.method").set_value("milder").run())
    assert page.number_input(key="inspector.milder.projector.min_score").value == 0.5
    assert page.slider(key=LEAST).value == 0.5
    assert not has(page, "inspector.bar")


def test_on_a_server_a_viewer_saves_no_method(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SPANBRIDGE_METHODS", str(tmp_path))
    told = {}
    for role in (None, "viewer", "reviewer"):
        as_role(monkeypatch, role)
        page = open_page(sentence="3")
        healthy(page.slider(key=LEAST).set_value(0.5).run())
        healthy(page.text_input(key="inspector.save_name").set_value("milder").run())
        healthy(page.button(key="inspector.save").click().run())
        told[role] = has(page, "inspector.saving.error"), (tmp_path / "milder.json").exists()
    assert told == {None: (True, False), "viewer": (True, False), "reviewer": (False, True)}


def test_the_card_shows_the_chosen_entity_and_each_change_can_be_tried(page: AppTest) -> None:
    healthy(page.selectbox(key="inspector.entity").set_value(1).run())
    assert "was chosen for LOC “ New York ”" in shown(page, "inspector.verdict")
    assert "Margin over the runner-up: 1.10" in shown(page, "inspector.card")
    change = shown(page, "inspector.change.0")
    assert "weight of content 0.05 or less" in change
    assert "→ not projected" in change
    healthy(page.button(key="inspector.try.0").click().run())
    assert page.slider(key=WEIGHT).value == 0.05
    assert "B LOC lost “ New York ”" in shown(page, "inspector.moves")


def test_forbid_pin_and_undo(page: AppTest) -> None:
    healthy(page.selectbox(key="inspector.entity").set_value(1).run())
    healthy(page.button(key="inspector.ban").click().run())
    assert "B LOC" in shown(page, "inspector.moves")
    assert "1 ban" in shown(page, "inspector.bar_lead")
    assert page.query_params["edits"] in ("!1:7-9", ["!1:7-9"])
    page.session_state["inspector.tab"] = "Edit"
    healthy(page.run())
    healthy(page.button(key="inspector.undo").click().run())
    assert not has(page, "inspector.bar")
    healthy(page.button(key="inspector.redo").click().run())
    assert "1 ban" in shown(page, "inspector.bar_lead")


def open_edit(page: AppTest) -> AppTest:
    page.session_state["inspector.tab"] = "Edit"
    return healthy(page.run())


def test_a_link_is_removed_by_form_and_the_entity_goes_with_it(page: AppTest) -> None:
    open_edit(page)
    page.number_input(key="inspector.link_source").set_value(1)
    page.number_input(key="inspector.link_target").set_value(1)
    healthy(page.run())
    assert "“ Vereinten ”" in shown(page, "inspector.link_target.word")
    assert page.button(key="inspector.toggle_link").label == "Remove this link"
    healthy(page.button(key="inspector.toggle_link").click().run())
    assert "1 link" in shown(page, "inspector.bar_lead")
    assert "A ORG lost “ Vereinten Nationen ”" in shown(page, "inspector.moves")
    assert page.button(key="inspector.toggle_link").label == "Add this link"
    healthy(page.button(key="inspector.toggle_link").click().run())
    assert not has(page, "inspector.bar")


def test_words_are_pinned_by_form(page: AppTest) -> None:
    healthy(page.selectbox(key="inspector.entity").set_value(1).run())
    open_edit(page)
    page.number_input(key="inspector.pin_word_start").set_value(6)
    page.number_input(key="inspector.pin_word_last").set_value(8)
    healthy(page.run())
    healthy(page.button(key="inspector.pin_words").click().run())
    assert "moved from “ New York ” [7, 9) to “ in New York ” [6, 9)" in shown(
        page, "inspector.moves"
    )
    assert "was fixed by a reviewer" in shown(page, "inspector.verdict")
    healthy(page.button(key="inspector.free.pin.6.9").click().run())
    assert not has(page, "inspector.bar")


def test_an_entity_is_made_changed_and_removed_by_form(page: AppTest) -> None:
    open_edit(page)
    page.selectbox(key="inspector.entity_old").set_value(0)
    page.selectbox(key="inspector.entity_class").set_value("MISC")
    page.number_input(key="inspector.entity_word_start").set_value(1)
    page.number_input(key="inspector.entity_word_last").set_value(2)
    healthy(page.run())
    healthy(page.button(key="inspector.set_entity").click().run())
    assert "was ORG and is MISC" in shown(page, "inspector.moves")
    healthy(page.button(key="inspector.remove_entity").click().run())
    assert "lost “ Vereinten Nationen ”" in shown(page, "inspector.moves")


def test_other_words_are_followed_through(page: AppTest) -> None:
    healthy(page.selectbox(key="inspector.entity").set_value(1).run())
    open_edit(page)
    areas = [one for one in page.text_area if str(one.key).startswith("inspector.words_target")]
    text = areas[0].value
    assert "New York" in text
    areas[0].set_value(text.replace("New York", "Neu Amsterdam"))
    healthy(page.run())
    healthy(page.button(key="inspector.rewrite").click().run())
    assert "“ Neu Amsterdam ” [7, 9) was chosen" in shown(page, "inspector.verdict")
    assert "words" in shown(page, "inspector.bar_lead")
    assert "edits" not in page.query_params
    healthy(page.button(key="inspector.original_words").click().run())
    assert not has(page, "inspector.bar")


def test_empty_words_are_told_and_nothing_is_lost(page: AppTest) -> None:
    open_edit(page)
    areas = [one for one in page.text_area if str(one.key).startswith("inspector.words_target")]
    areas[0].set_value("  ")
    healthy(page.run())
    healthy(page.button(key="inspector.rewrite").click().run())
    assert not has(page, "inspector.bar")
    assert "as in gold" in shown(page, "inspector.outcome")


def test_the_address_restores_the_whole_view(page: AppTest) -> None:
    page.slider(key=LEAST).set_value(0.5)
    page.number_input(key="inspector.default.projector.n").set_value(2)
    page.selectbox(key="inspector.entity").set_value(1)
    healthy(page.run())
    healthy(page.button(key="inspector.ban").click().run())
    asked = address(page)
    assert asked["set"] == "projector.n=2"
    assert asked["whatif"] == "projector.min_score=0.5"
    assert asked["entity"] == "B"
    other = open_page(**asked)
    assert other.slider(key=LEAST).value == 0.5
    assert other.number_input(key="inspector.default.projector.n").value == 2
    assert other.selectbox(key="inspector.entity").value == 1
    for part in ("moves", "decisions", "verdict", "bar_lead"):
        assert shown(other, f"inspector.{part}") == shown(page, f"inspector.{part}")


def test_back_shows_the_sentence_as_it_was_and_undo_the_changes() -> None:
    page = open_page(sentence="3")
    before = address(page)
    healthy(page.button(key="inspector.ban").click().run())
    changed = address(page)
    assert "edits" in changed
    go_back(page, before)
    assert not has(page, "inspector.bar")
    assert "Undo brings your changes back" in shown(page, "inspector.address.view")
    assert "edits" not in address(page)
    page.session_state["inspector.tab"] = "Edit"
    healthy(page.run())
    healthy(page.button(key="inspector.undo").click().run())
    assert address(page)["edits"] == changed["edits"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"edits": "+0-900"}, "do not fit this sentence"),
        ({"edits": "<b>x</b>"}, "do not fit this sentence"),
        ({"whatif": "projector.min_score=77"}, "cannot be set to"),
        ({"method": "default", "set": "projector.nothing=1"}, "does not fit"),
        ({"method": "default", "set": "encoder.model=/etc"}, "from the settings at the left only"),
        ({"method": "default", "set": "encoder=/etc"}, "from the settings at the left only"),
    ],
)
def test_an_address_that_does_not_fit_is_told_and_changes_nothing(
    asked: dict[str, str], told: str
) -> None:
    page = open_page(sentence="3", **asked)
    messages = " ".join(
        shown(page, f"inspector.address.{about}")
        for about in ("view", "set")
        if has(page, f"inspector.address.{about}")
    )
    assert told in messages
    assert "New York" in shown(page, "inspector.decisions")
    assert not has(page, "inspector.bar")


def test_typed_text_and_changed_words_are_not_in_the_address() -> None:
    page = open_page()
    type_pair(page, "[PER Ada] lives", "Ada lebt")
    assert "Ada" not in str(dict(page.query_params.items()))


def test_errors_of_the_corpus_and_concordance_lead_to_sentences() -> None:
    page = open_page(target="zh")
    page.session_state["inspector.tab"] = "Errors of the corpus"
    healthy(page.run())
    assert "entities that went wrong" in shown(page, "inspector.tracer.count")
    buttons = [one for one in page.button if str(one.key).startswith("inspector.tracer.open")]
    number = int(buttons[-1].label)
    healthy(buttons[-1].click().run())
    assert page.number_input(key="inspector.sentence").value == number
    page.session_state["inspector.tab"] = "Concordance"
    healthy(page.run())
    healthy(page.text_input(key="inspector.concordance.query").set_value("Berlin").run())
    assert "柏林" in shown(page, "inspector.concordance.translations")


@pytest.mark.parametrize("method", ["heuristic", "greedy", "model_transfer"])
def test_every_kind_of_method_has_its_what_if(method: str) -> None:
    page = open_page(sentence="3", method=method)
    assert has(page, "inspector.whatif")
    assert not has(page, "inspector.error")
    if method == "heuristic":
        healthy(page.slider(key="inspector.whatif.projector.merge_distance").set_value(0).run())
        assert has(page, "inspector.bar")
