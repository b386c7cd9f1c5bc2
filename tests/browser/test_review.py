"""A whole review in a real browser: by keyboard, with the mouse, in bulk, out and in again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import count
from typing import TYPE_CHECKING

import pytest

from core.bench.browser import serve
from core.datasets import load_corpus
from core.exchange import export_sentences, preview_import
from core.methods import method
from core.review.importing import import_answers
from core.review.reviewed import final_states, reviewed_sentences
from core.review.running import run_project
from core.store import decisions
from core.store.database import Store
from core.store.projects import Project, create_project, items
from tests.browser.driving import PATIENCE_MS, TextWindow
from tests.browser.test_accessibility import grave_findings
from tests.runs import until
from tests.stores import ADMIN, OTHER, REVIEWER, VIEWER

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

pytestmark = [pytest.mark.browser, pytest.mark.encoder]
NUMBERS = count(1)
SENTENCES = 14


@pytest.fixture
def store(store_url: str, address: str) -> Iterator[Store]:
    """Open the store of the running app."""
    opened = Store.open(store_url)
    yield opened
    opened.close()


@pytest.fixture
def make_project(store: Store) -> Callable[..., Project]:
    def make(target: str = "de", *, reviewers: int = 1) -> Project:
        pairs = load_corpus("demo", source="en", target=target)[:SENTENCES]
        name = f"review {next(NUMBERS)}"
        project = create_project(
            store, ADMIN, name, pairs, corpus=f"demo/en-{target}", reviewers=reviewers
        )
        for one in ("default", "heuristic"):
            run_project(store, ADMIN, project, method(one))
        return project

    return make


class Review(TextWindow):
    """The page Review in one window."""

    def open(self, project: Project, name: str = ADMIN.name, sentence: int = 0) -> Review:
        query = f"?project={project.name}" + (f"&sentence={sentence}" if sentence else "")
        self.page.goto(f"{self.address}/review{query}")
        box = self.page.locator(".st-key-reviewer-name input")
        box.wait_for()
        if box.input_value() != name:
            box.fill(name)
            self.press("Enter")
        self.widget("keys").wait_for()
        self.words("target").first.wait_for()
        self.settle()
        # Keys that decide must not be typed into the box of the name.
        self.page.locator("h1").click()
        return self

    def expect(self, name: str, text: str | re.Pattern[str]) -> None:
        from playwright.sync_api import expect

        expect(self.widget(name)).to_contain_text(text, timeout=PATIENCE_MS)

    def about(self, name: str) -> Locator:
        """Return the button of that name that is about the sentence that is open."""
        return self.page.locator(f"[class*=st-key-review-{name}-]").get_by_role("button")

    def number(self) -> int:
        """Return the number of the sentence that is open."""
        found = re.search(r"Sentence (\d+)", self.page.locator(".stMain").inner_text())
        assert found is not None
        return int(found[1])

    def key(self, key: str, *, goes_on: bool = False) -> None:
        """Press a key, and wait until the page has answered.

        Args:
            key: the key.
            goes_on: whether another sentence comes up.
        """
        here = self.number()
        self.press(key)
        if goes_on:
            until(lambda: self.number() != here, PATIENCE_MS / 1000)
        self.settle()

    def told(self) -> str:
        return " ".join(self.page.locator(".st-key-review-told-0").all_inner_texts())

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).click()
        self.settle()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Review]]:
    made: list[Review] = []

    def make(project: Project, name: str = ADMIN.name, sentence: int = 0) -> Review:
        context = browser.new_context(viewport={"width": 1280, "height": 1000})
        made.append(Review(context.new_page(), address, "review"))
        return made[-1].open(project, name, sentence)

    yield make
    for one in made:
        assert one.errors == []
        one.page.context.close()


def states(store: Store, project: Project) -> dict[int, decisions.State]:
    places = {item.id: item.place for item in items(store, project)}
    return {places[one.sentence]: one for one in decisions.states(store, project)}


def test_ten_sentences_by_keyboard_alone_then_out_and_in_again(
    store: Store, make_project: Callable[..., Project], open_page: Callable[..., Review]
) -> None:
    project = make_project()
    page = open_page(project)
    done: list[tuple[int, str]] = []
    for key in ("a", "2", "a", "x", "a", "a", "f", "a", "1", "a"):
        done.append((page.number(), key))
        page.key(key, goes_on=True)
    said = {"a": "accepted", "1": "accepted", "2": "accepted", "x": "rejected", "f": "flagged"}
    found = states(store, project)
    assert {number: said[key] for number, key in done} == {
        place + 1: one.answer.status for place, one in found.items()
    }
    # Undo takes the last one back and goes there; forward and back look without deciding.
    page.key("u", goes_on=True)
    assert page.number() == done[-1][0]
    assert states(store, project)[done[-1][0] - 1].answer.status == "open"
    page.key("j", goes_on=True)
    page.key("k", goes_on=True)
    assert page.number() == done[-1][0]
    page.key("a")

    final = final_states(project, decisions.states(store, project))
    sentences = reviewed_sentences(items(store, project), final)
    assert len(sentences) == 8
    exported = export_sentences(sentences, "conll")
    assert (exported.written, exported.changes) == (8, [])
    back = preview_import(exported.content, "de", name=exported.file_name)
    assert [one.spans for one in back.sentences] == [one.spans for one in sentences]
    result = import_answers(store, ADMIN, project, back.sentences)
    assert (result.same, list(result.unmatched)) == (8, [])


def test_a_key_that_comes_before_the_next_sentence_decides_nothing(
    store: Store, make_project: Callable[..., Project], open_page: Callable[..., Review]
) -> None:
    project = make_project()
    page = open_page(project)
    first = page.number()
    # All in one go: pressed one by one, a slow machine draws the next sentence in between.
    page.page.evaluate(
        """() => { for (const key of "afxf") {
          const code = `Key${key.toUpperCase()}`;
          document.body.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true }));
        } }"""
    )
    page.settle()
    page.settle()
    found = states(store, project)
    # Whatever came too early was meant for a sentence that nobody had seen.
    assert {place + 1: one.answer.status for place, one in found.items()} == {first: "accepted"}


def test_boundaries_by_mouse_and_a_class_by_form(
    store: Store, make_project: Callable[..., Project], open_page: Callable[..., Review]
) -> None:
    project = make_project()
    page = open_page(project, sentence=3)
    # “New York” of the demo's third sentence, taken by its words in the target.
    page.badge("source", "B LOC").click()
    page.settle()
    page.drag(page.word("target", 6), page.word("target", 8))
    page.choose_from_menu("Pin to B LOC")
    page.expect("status", "edit by")
    answer = states(store, project)[2].answer
    assert (6, 9) in [(one.start, one.end) for one in answer.spans]
    page.press("Control+z")
    page.expect("status", "undo by")
    page.press("Control+y")
    page.expect("status", "redo by")
    page.key("d")
    page.page.get_by_role("button", name="It has a counterpart").wait_for()


def test_the_name_is_remembered_and_the_address_leads_back(
    make_project: Callable[..., Project], open_page: Callable[..., Review]
) -> None:
    project = make_project()
    page = open_page(project, name="Zoë", sentence=5)
    page.page.reload()
    page.widget("keys").wait_for()
    page.settle()
    assert page.page.locator(".st-key-reviewer-name input").input_value() == "Zoë"
    assert page.number() == 5


def test_two_people_never_get_one_sentence_and_the_second_is_told(
    store: Store, make_project: Callable[..., Project], open_page: Callable[..., Review]
) -> None:
    project = make_project()
    first, second = open_page(project, name="Ada"), open_page(project, name="Bo")
    assert first.number() != second.number()
    second.page.goto(f"{second.address}/review?project={project.name}&sentence={first.number()}")
    second.expect("held", "Ada works on this sentence")
    assert second.about("accept").is_disabled()


def test_a_correction_everywhere_and_bulk_with_undo(
    store: Store, make_project: Callable[..., Project], open_page: Callable[..., Review]
) -> None:
    project = make_project()
    page = open_page(project, sentence=3)
    page.tab("In bulk")
    page.widget("bulk_accept").get_by_role("button").click()
    page.settle()
    accepted = [one for one in states(store, project).values() if one.answer.status == "accepted"]
    assert accepted
    assert all(one.bulk for one in accepted)
    page.page.get_by_role("button", name="Undo in one step").click()
    page.settle()
    assert {one.answer.status for one in states(store, project).values()} == {"open"}
    page.tab("Everywhere")
    page.expect("everywhere_told", re.compile(r"\d+ entities in \d+ other sentences would change"))


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("target", "theme", "tabs"),
    [
        ("ar", "dark", ("Everywhere", "History", "In bulk", "Learning", "Agreement")),
        ("zh", "light", ("Everywhere",)),
    ],
)
def test_other_scripts_and_nothing_serious_for_axe(
    target: str,
    theme: str,
    tabs: tuple[str, ...],
    make_project: Callable[..., Project],
    open_page: Callable[..., Review],
    browser: Browser,
) -> None:
    page = open_page(make_project(target), sentence=2)
    page.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.page.set_viewport_size({"width": 768, "height": 1000})
    page.settle()
    assert page.words("target").count() > 3
    assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for tab in tabs:
        page.tab(tab)
        assert grave_findings(page.page) == []


def test_a_server_knows_who_may_do_what(
    browser: Browser, store_url: str, store: Store, make_project: Callable[..., Project]
) -> None:
    project = make_project()
    environment = {
        "SPANBRIDGE_DATABASE_URL": store_url,
        "SPANBRIDGE_AUTH": "header",
        "SPANBRIDGE_PROXY_SECRET": "s3cret",
        "SPANBRIDGE_ADMINS": ADMIN.name,
    }
    with serve(environment=environment) as url:

        def visit(**headers: str) -> TextWindow:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            context = browser.new_context(extra_http_headers=sent)
            window = TextWindow(context.new_page(), url, "review")
            window.page.goto(f"{url}/review?project={project.name}")
            return window

        secret = {"X_Spanbridge_Proxy_Secret": "s3cret"}
        stranger = visit(X_Forwarded_User=ADMIN.name)
        stranger.widget("error").wait_for()
        assert "through the proxy" in stranger.widget("error").inner_text()
        viewer = visit(X_Forwarded_User=VIEWER.name, **secret)
        viewer.widget("keys").wait_for()
        viewer.settle()
        assert viewer.page.get_by_role("button", name="Accept", exact=False).first.is_disabled()
        assert f"{VIEWER.name}, viewer" in viewer.page.locator(".st-key-reviewer-who").inner_text()
        admin = visit(X_Forwarded_User=ADMIN.name, **secret)
        admin.widget("keys").wait_for()
        admin.settle()
        assert admin.page.get_by_role("button", name="Accept", exact=False).first.is_enabled()
        for window in (stranger, viewer, admin):
            window.page.context.close()


def test_reviewers_on_their_own_and_the_last_word(
    store: Store, make_project: Callable[..., Project], open_page: Callable[..., Review]
) -> None:
    project = make_project(reviewers=2)
    for name, key in ((REVIEWER.name, "a"), (OTHER.name, "x")):
        page = open_page(project, name=name, sentence=4)
        page.key(key)
    page = open_page(project)
    page.tab("Agreement")
    page.expect("disputed_told", "1 sentences wait")
    page.page.get_by_role("button", name="Take", exact=True).last.click()
    page.settle()
    until(lambda: decisions.states(store, project))
    final = decisions.states(store, project)
    assert [one.kind for one in final] == ["adjudicate"]
