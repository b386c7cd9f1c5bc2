"""Failure tracer, concordance and corpus runs as parts of a page, without a model."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.overview.outcomes import CorpusRun, outcome_of
from core.types import Projection
from tests.ui.driving import INJECTION, has, healthy, shown
from tests.unit.evaluate.builders import FAILURE, lost, project, sentence, took

SOURCE = sentence("Ada met Eva", (0, 1, "PER"), (2, 3, "PER"))
TARGET = sentence("Ada traf Eva", (0, 1, "PER"), (2, 3, "PER"))
ODD = INJECTION.replace(" ", "_")


def run(*projections: Projection) -> CorpusRun:
    return CorpusRun("run", tuple(map(outcome_of, projections)))


LOST = project(SOURCE, TARGET, took(0, 0, 1), lost(1, "no-link"), linked="0-0 1-1")
FAILED = project(SOURCE, TARGET, failure=FAILURE, linked=None)
RIGHT = project(SOURCE, TARGET, took(0, 0, 1), took(1, 2, 3), linked="0-0 1-1 2-2")
MARKED = project(
    sentence(ODD, (0, 1, "PER")), sentence(ODD, (0, 1, "PER")), lost(0, "no-link"), linked=""
)
# Arabic, with an English name in it.
ARABIC = project(
    sentence("Ada works", (0, 1, "PER")),
    sentence("تعمل Ada اليوم", (1, 2, "PER"), language="ar"),
    took(0, 1, 2),
    linked="0-1 1-0",
)


# Streamlit runs these by their source alone, without what this file imports.
def tracer_page(found: object) -> None:
    import streamlit as st

    from pages.sections.tracer import show_tracer

    def open_sentence(number: int, entity: int | None) -> None:
        st.session_state["opened"] = (number, entity)

    pairs = [outcome.pair for outcome in found.outcomes]
    show_tracer(found, pairs, page="page", open_sentence=open_sentence)


def concordance_page(found: object, word: str) -> None:
    import streamlit as st

    from pages.sections.concordance import show_concordance

    def open_sentence(number: int, entity: int | None) -> None:
        st.session_state["opened"] = (number, entity)

    pairs = [outcome.pair for outcome in found.outcomes]
    show_concordance(found, pairs, page="page", open_sentence=open_sentence, word=word)


def trace(*projections: Projection) -> AppTest:
    app = AppTest.from_function(tracer_page, default_timeout=60, args=(run(*projections),))
    return healthy(app.run())


def look_up(word: str, *projections: Projection) -> AppTest:
    app = AppTest.from_function(
        concordance_page, default_timeout=60, args=(run(*projections), word)
    )
    return healthy(app.run())


def test_the_tracer_has_a_row_for_each_error_and_opens_it() -> None:
    page = trace(RIGHT, LOST, FAILED)
    assert "3 of 3 entities that went wrong, in 3 sentences" in shown(page, "page.tracer.count")
    assert "Failed sentences: 1" in shown(page, "page.tracer.count")
    assert "no-link: “ Eva ” (PER) is missing" in shown(page, "page.tracer.row.0")
    assert "no-link" in shown(page, "page.tracer.table")
    healthy(page.button(key="page.tracer.open.0").click().run())
    assert page.session_state["opened"] == (2, None) or page.session_state["opened"] == (2, 1)


def test_the_tracer_filters_by_stage_class_and_text() -> None:
    page = trace(RIGHT, LOST, FAILED)
    healthy(page.multiselect(key="page.tracer.stages").set_value(["failed"]).run())
    assert "2 of 3" in shown(page, "page.tracer.count")
    assert not has(page, "page.tracer.row.0")
    page.multiselect(key="page.tracer.stages").set_value([])
    healthy(page.text_input(key="page.tracer.text").set_value("is linked").run())
    assert "1 of 3" in shown(page, "page.tracer.count")


def test_a_run_without_errors_says_so() -> None:
    assert "Nothing went wrong" in shown(trace(RIGHT), "page.tracer.nothing")


def test_a_long_tracer_sends_one_page() -> None:
    page = trace(*[LOST] * 500)
    assert len([button for button in page.button if "open" in str(button.key)]) == 20
    assert "500 of 500" in shown(page, "page.tracer.count")


def test_the_tracer_never_interprets_text() -> None:
    page = trace(MARKED)
    everything = " ".join(part.value for part in page.html)
    assert "<img" not in everything
    assert "&lt;img" in everything
    assert not [part for part in page.markdown if "onerror" in part.value]


def test_a_concordance_counts_translations_and_opens_places() -> None:
    page = look_up("ada", RIGHT, LOST, FAILED)
    assert "3 places in 3 sentences" in shown(page, "page.concordance.count")
    table = shown(page, "page.concordance.translations")
    assert "67 %" in table
    assert "1 of them in sentences that failed" in table
    assert "failed" in shown(page, "page.concordance.failed.2")
    healthy(page.button(key="page.concordance.open.1").click().run())
    assert page.session_state["opened"] == (2, None)


def test_places_of_one_translation_alone() -> None:
    page = look_up("eva", RIGHT, LOST)
    page.selectbox(key="page.concordance.translation.word.source.eva").set_value(
        "linked to nothing"
    )
    healthy(page.run())
    assert has(page, "page.concordance.open.0")
    assert not has(page, "page.concordance.open.1")
    assert page.button(key="page.concordance.open.0").label == "2"


def test_an_entity_is_looked_up_in_either_language() -> None:
    page = look_up("Ada", RIGHT, ARABIC)
    page.selectbox(key="page.concordance.kind").set_value(("entity", "source"))
    healthy(page.run())
    assert "2 places" in shown(page, "page.concordance.count")
    page.selectbox(key="page.concordance.kind").set_value(("word", "target"))
    page.text_input(key="page.concordance.query").set_value("تعمل")
    healthy(page.run())
    assert "works" in shown(page, "page.concordance.translations")
    html = page.get_by_key("page.concordance.target.0").get("html")[0].value
    assert 'dir="rtl"' in html
    assert 'lang="ar"' in html
    assert ">تعمل</mark>" in html


def test_nothing_asked_and_nothing_found() -> None:
    assert has(look_up("", RIGHT), "page.concordance.hint")
    page = look_up("nowhere", RIGHT)
    assert "0 places" in shown(page, "page.concordance.count")
    assert not has(page, "page.concordance.translations")


def test_a_concordance_never_interprets_text() -> None:
    page = look_up(ODD, MARKED)
    everything = " ".join(part.value for part in page.html)
    assert "<img" not in everything
    assert "1 places" in shown(page, "page.concordance.count")


def test_long_sentences_are_cut_around_the_place() -> None:
    words = " ".join(f"w{place}" for place in range(200))
    long = project(sentence(words), sentence(words), linked="100-100")
    html = look_up("w100", long).get_by_key("page.concordance.target.0").get("html")[0].value
    assert ">w100</mark>" in html
    assert "w88" in html
    assert "w87" not in html
    assert html.count("…") == 2


def runs_page(names: list[str], count: int) -> None:
    import streamlit as st

    from core.config import ComponentChoice
    from core.methods import method
    from pages.sections.corpus_runs import corpus_runs
    from tests.builders import pair, sentence

    source = sentence("Ada sleeps", "en", (0, 1, "PER"))
    pairs = [pair(source, sentence("Ada schläft", "de", (0, 1, "PER")), "0-0 1-1")] * count
    links = ComponentChoice(name="precomputed")
    configs = {name: method(name).model_copy(update={"aligner": links}) for name in names}
    runs = corpus_runs(configs, pairs, ("made-up", count), page="page")
    st.session_state["runs"] = {name: len(run.outcomes) for name, run in runs.items()}


def test_a_small_corpus_runs_at_once_and_a_large_one_on_a_button() -> None:
    app = AppTest.from_function(runs_page, default_timeout=60, args=(["heuristic", "ilp"], 30))
    assert healthy(app.run()).session_state["runs"] == {"heuristic": 30, "ilp": 30}
    app = AppTest.from_function(runs_page, default_timeout=60, args=(["heuristic", "ilp"], 201))
    assert healthy(app.run()).session_state["runs"] == {}
    button = app.button(key="page.project_all")
    assert "201 sentences with 2 methods" in button.label
    assert healthy(button.click().run()).session_state["runs"] == {"heuristic": 201, "ilp": 201}
    assert not has(app, "page.project_all")
    other = AppTest.from_function(runs_page, default_timeout=60, args=(["ilp"], 201))
    assert healthy(other.run()).session_state["runs"] == {"ilp": 201}  # another session's


def test_what_a_stopped_run_made_is_kept() -> None:
    from core.config import ComponentChoice
    from core.methods import method
    from core.overview.outcomes import CorpusWork
    from core.workflow import Workflow
    from pages.sections.corpus_runs import _Slot, advance

    config = method("heuristic").model_copy(update={"aligner": ComponentChoice(name="precomputed")})
    pairs = [outcome.pair for outcome in run(*[RIGHT] * 40).outcomes]
    begun = 0

    def start() -> CorpusWork:
        nonlocal begun
        begun += 1
        return CorpusWork(Workflow.from_config(config), pairs)

    slot, finished = _Slot(), []
    while slot.run is None:
        advance(slot, start)
        finished.append(slot.finished)
    assert finished == [0, 16, 32, 0]  # source sentences first; the whole run has no work left
    assert (begun, len(slot.run.outcomes)) == (1, 40)
