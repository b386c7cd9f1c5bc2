"""The linked text view in a real browser, on hand-made projections."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from core.bench.browser import ROOT, serve
from core.linked_text import EDIT_SCRIPTS, STYLE, VIEW_SCRIPTS, linked_text_data
from tests.browser.driving import TextWindow
from tests.browser.text_view_app import CASES, links_of, projected, typed_pair

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.thorough]


class View(TextWindow):
    """The component in one window, and the events that Python got."""

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page, address, "test")
        page.set_default_timeout(20_000)

    def open(self, case: str = "plain", query: str = "") -> View:
        self.page.goto(f"{self.address}/?case={case}{query}")
        self.words("target").first.wait_for()
        self.widget("events").wait_for()
        self.settle()
        return self

    def expect(self, *events: dict[str, Any]) -> None:
        """Wait until Python has got just these events."""
        from playwright.sync_api import expect

        text = "\n".join(str(event) for event in events) or "no event"
        expect(self.widget("events").locator("[data-testid=stText]")).to_have_text(
            text, timeout=15_000
        )

    def focused(self) -> list[str]:
        """Return side and index of the word with the focus."""
        script = """() => {
            let element = document.activeElement;
            while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
            return [element.dataset.side ?? '', element.dataset.index ?? ''];
        }"""
        return list(self.page.evaluate(script))


@pytest.fixture(scope="module")
def text_view() -> Iterator[str]:
    script = "tests/browser/text_view_app.py"
    with serve(script, environment={"PYTHONPATH": str(ROOT)}) as url:
        yield url


@pytest.fixture
def open_view(new_page: Callable[..., Page], text_view: str) -> Iterator[Callable[..., View]]:
    views: list[View] = []

    def make(case: str = "plain", query: str = "", *, page: Page | None = None, **how: Any) -> View:
        views.append(View(new_page(**how) if page is None else page, text_view))
        return views[-1].open(case, query)

    yield make
    for view in views:
        assert view.errors == []


@pytest.fixture
def view(open_view: Callable[..., View]) -> View:
    return open_view()


def test_a_word_lights_what_it_is_linked_to_and_mounting_sends_nothing(view: View) -> None:
    view.word("source", 0).hover()
    assert (view.having("source", "active"), view.having("target", "linked")) == ([0], [3])
    assert view.lines(".lit") == 1
    assert view.told() == "“Maria” is linked to “Maria” (similarity 0.90)"
    view.expect()


def test_a_badge_lights_its_entity_on_both_sides(view: View) -> None:
    view.badge("target", "A PER").hover()
    assert view.having("source", "active") == [0, 1]
    assert view.having("target", "linked") == [3, 4]
    assert view.lines(".lit") == 2


def test_two_clicks_toggle_a_link_at_once_and_tell_python(view: View) -> None:
    before = view.lines()
    view.word("source", 2).click()
    assert view.having("source", "held") == [2]
    view.word("target", 5).click()
    assert (view.having("source", "held"), view.lines()) == ([], before + 1)
    view.expect({"kind": "link", "source": 2, "target": 5})
    view.settle()
    assert view.lines(".added") == 1
    view.word("target", 5).click()
    view.word("source", 2).click()
    assert view.lines() == before
    again = {"kind": "link", "source": 2, "target": 5}
    view.expect(again, again)


def test_a_link_that_is_removed_leaves_a_ghost(view: View) -> None:
    view.word("source", 2).click()
    view.word("target", 2).click()
    view.expect({"kind": "link", "source": 2, "target": 2})
    view.page.mouse.move(0, 0)
    view.page.locator(".lines path.removed").wait_for(state="attached")


def test_a_held_word_is_let_go_by_a_click_and_by_escape(view: View) -> None:
    for _ in range(2):
        view.word("source", 2).click()
    assert view.having("source", "held") == []
    view.word("source", 2).click()
    view.press("Escape")
    assert view.having("source", "held") == []
    view.expect()


def test_dragging_across_draws_a_rubber_line_and_toggles(view: View) -> None:
    view.drag(view.word("source", 3), view.word("target", 0), release=False)
    assert view.lines(".rubber") == 1
    view.page.mouse.up()
    assert view.lines(".rubber") == 0
    view.expect({"kind": "link", "source": 3, "target": 0})
    assert view.having("source", "held") == []


def test_with_control_the_first_word_stays_held(view: View) -> None:
    view.word("source", 2).click()
    for target in (5, 8):
        view.word("target", target).click(modifiers=["Control"])
        assert view.having("source", "held") == [2]
    view.expect(*({"kind": "link", "source": 2, "target": target} for target in (5, 8)))


def test_a_word_lights_the_entity_it_is_in_on_both_sides(view: View) -> None:
    view.word("target", 7).hover()
    assert view.having("target", "touched") == [6, 7]
    assert view.having("source", "touched") == [3]


def test_a_drag_that_ends_nowhere_changes_nothing(view: View) -> None:
    view.drag(view.word("source", 3), view.word("target", 0), view.widget("box"))
    view.settle()
    assert view.lines(".rubber") == 0
    view.expect()


def test_a_drag_along_the_target_pins(view: View) -> None:
    view.drag(view.word("target", 6), view.word("target", 7), view.word("target", 5))
    assert view.having("target", "run") == [5, 6]
    assert view.menu()[:2] == [
        "Pin to B ORG “Siemens”",
        "Ban “Siemens AG” for B ORG “Siemens”",
    ]
    view.choose_from_menu("Pin to A PER “Maria Weber”")
    view.expect({"kind": "pin", "entity": 0, "start": 5, "end": 7})
    assert view.having("target", "run") == []
    view.badge("source", "A PER").locator(".icon").wait_for()


def test_a_span_is_banned_by_menu_and_by_key_and_freed(view: View) -> None:
    view.word("target", 1).dblclick()
    view.choose_from_menu("Ban “Berlin”")
    ban = {"kind": "ban", "entity": 2, "start": 1, "end": 2}
    view.expect(ban)
    view.word("target", 3).focus()
    view.press("Delete")
    second = {"kind": "ban", "entity": 0, "start": 3, "end": 5}
    view.expect(ban, second)
    view.word("target", 1).click(button="right")
    assert "Free “Berlin” for C LOC “Berlin”" in view.menu()
    view.choose_from_menu("Free “Berlin”")
    view.expect(ban, second, {**ban, "kind": "free"})


def test_words_of_the_source_become_an_entity_by_keyboard(view: View) -> None:
    view.word("source", 2).focus()
    view.press("Shift+Enter")
    assert view.menu()[:2] == ["New entity: PER", "New entity: LOC"]
    view.press("ArrowDown", "ArrowDown", "ArrowDown", "Enter")
    view.expect({"kind": "entity", "start": 2, "end": 3, "label": "MISC", "old": None})
    assert view.focused() == ["source", "2"]


def test_a_class_of_ones_own_must_be_a_name(view: View) -> None:
    view.word("source", 2).dblclick()
    field = view.page.get_by_label("another class")
    field.fill("no spaces")
    field.press("Enter")
    assert field.get_attribute("aria-invalid") == "true"
    view.expect()
    field.fill("WORK")
    field.press("Enter")
    view.expect({"kind": "entity", "start": 2, "end": 3, "label": "WORK", "old": None})


def test_an_entity_is_resized_relabelled_and_removed(view: View) -> None:
    view.word("source", 1).focus()
    view.press("Shift+ArrowRight", "Enter")
    view.choose_from_menu("Resize A to this")
    resized = {"kind": "entity", "start": 1, "end": 3, "label": "PER", "old": 0}
    view.expect(resized)
    view.word("source", 1).focus()
    view.press("Backspace")
    assert view.having("source", "run") == [0, 1]
    view.choose_from_menu("Class of A: LOC")
    other = {"kind": "entity", "start": 0, "end": 2, "label": "LOC", "old": 0}
    view.expect(resized, other)
    view.word("source", 0).dblclick()
    view.choose_from_menu("Remove A PER")
    view.expect(resized, other, {"kind": "remove", "entity": 0})


def test_keys_walk_link_and_the_focus_survives_the_answer(view: View) -> None:
    view.word("source", 0).focus()
    view.press("ArrowRight", "ArrowRight", "Enter", "ArrowDown")
    assert view.focused() == ["target", "2"]
    view.press("ArrowRight", "Enter")
    view.expect({"kind": "link", "source": 2, "target": 3})
    view.settle()
    assert view.focused() == ["target", "3"]
    view.press("ArrowUp")
    assert view.focused()[0] == "source"


def test_text_without_spaces_stays_so_in_menus(open_view: Callable[..., View]) -> None:
    view = open_view("chinese")
    view.drag(view.word("target", 7), view.word("target", 8))
    assert view.page.locator(".menu .menu-title").inner_text() == "“上海”"
    assert "Ban “上海” for B LOC “Shanghai”" in view.menu()
    view.choose_from_menu("Pin to A")
    view.expect({"kind": "pin", "entity": 0, "start": 7, "end": 9})


def test_arrow_keys_follow_the_eye_in_arabic(open_view: Callable[..., View]) -> None:
    view = open_view("arabic")
    view.word("target", 1).focus()
    view.press("ArrowLeft")
    assert view.focused() == ["target", "2"]
    view.press("ArrowRight", "ArrowRight")
    assert view.focused() == ["target", "0"]
    boxes = [view.word("target", index).bounding_box() for index in (5, 6, 7)]
    places = [box["x"] for box in boxes if box is not None]
    assert places == sorted(places)


def test_undo_and_redo_by_key_but_never_from_a_text_box(view: View) -> None:
    view.word("source", 0).focus()
    view.press("Control+z", "Control+y")
    view.expect({"kind": "undo"}, {"kind": "redo"})
    view.press("Control+Shift+z")
    view.expect({"kind": "undo"}, {"kind": "redo"}, {"kind": "redo"})
    box = view.widget("box").locator("input")
    box.fill("typed")
    view.word("source", 0).hover()
    box.press("Control+z")
    view.settle()
    assert box.input_value() == ""
    view.expect({"kind": "undo"}, {"kind": "redo"}, {"kind": "redo"})


def test_two_events_in_one_breath_both_arrive(view: View) -> None:
    view.page.locator(".st-key-test-text .word[data-side=source]").first.focus()
    view.page.evaluate("""() => {
        const host = document.querySelector('.st-key-test-text');
        const find = (node) => node.shadowRoot?.querySelector('.pair')
            ?? [...(node.shadowRoot ?? node).children].map(find).find(Boolean);
        const pair = find(host);
        for (let time = 0; time < 3; time++) {
            for (const [side, index] of [['source', 2], ['target', 5 + time]]) {
                pair.querySelector(`.word[data-side=${side}][data-index="${index}"]`).click();
            }
        }
    }""")
    view.expect(*({"kind": "link", "source": 2, "target": 5 + time} for time in range(3)))


def test_a_view_that_goes_and_comes_back_sends_each_event_once(view: View) -> None:
    view.word("source", 2).click()
    view.word("target", 5).click()
    link = {"kind": "link", "source": 2, "target": 5}
    view.expect(link)
    toggle = view.widget("shown").locator("label").first
    toggle.click()
    view.words("source").first.wait_for(state="detached")
    view.press("?")
    assert view.page.get_by_role("dialog").count() == 0
    toggle.click()
    view.words("source").first.wait_for()
    view.settle()
    view.word("source", 2).click()
    view.word("target", 6).click()
    view.expect(link, {**link, "target": 6})


def test_a_badge_opens_candidates_and_a_chip_pins(view: View) -> None:
    view.badge("source", "A PER").focus()
    view.press("Enter")
    chips = view.page.locator(".candidates .chip")
    assert chips.all_inner_texts()[0] == "Maria Weber 1.50 · ✓ chosen"
    assert chips.nth(1).inner_text().endswith("0.90 · runner-up")
    select = {"kind": "select", "entity": 0}
    view.expect(select)
    view.settle()
    chips.first.hover()
    assert view.having("target", "active") == [3, 4]
    assert view.having("source", "linked") == [0, 1]
    chips.first.click()
    assert [one.split(" ")[0] for one in view.menu()] == ["Pin", "Ban"]
    view.press("Escape")
    assert view.page.locator(".menu").is_hidden()
    chips.first.click()
    view.choose_from_menu("Pin to A")
    view.expect(select, {"kind": "pin", "entity": 0, "start": 3, "end": 5})
    view.page.locator(".chip", has_text="pinned").wait_for()
    view.badge("target", "A PER").focus()
    view.press("Escape")
    assert view.page.locator(".candidates").is_hidden()


def test_the_help_opens_with_a_question_mark_and_closes(view: View) -> None:
    view.press("?")
    dialog = view.page.get_by_role("dialog", name="Keys")
    assert "Ctrl + Z" in dialog.inner_text()
    view.press("Escape")
    assert dialog.count() == 0
    view.widget("box").locator("input").press("?")
    assert dialog.count() == 0
    view.page.get_by_role("button", name="Keys and gestures").click()
    assert dialog.count() == 1


def test_markup_stays_text(open_view: Callable[..., View]) -> None:
    view = open_view("injection")
    assert "onerror=document.title='owned'" in view.page.locator("p.text").last.inner_text()
    view.drag(view.word("target", 2), view.words("target").last)
    view.page.locator(".menu").wait_for()
    assert "onerror" in view.page.locator(".menu .menu-title").inner_text()
    assert view.page.title() != "owned"
    assert view.page.locator("img[src=x]").count() == 0


def test_without_editing_nothing_is_sent(open_view: Callable[..., View]) -> None:
    view = open_view(query="&editable=0")
    view.word("source", 0).click()
    view.word("target", 0).click()
    view.word("target", 0).dblclick()
    view.word("target", 3).focus()
    view.press("Delete", "Control+z")
    view.badge("source", "A PER").click()
    assert view.page.locator(".chip").count() > 0
    assert view.page.locator(".menu").is_hidden()
    assert view.page.get_by_role("button", name="Undo").count() == 0
    view.settle()
    view.expect()


def test_what_moved_against_the_stored_run_is_marked(open_view: Callable[..., View]) -> None:
    view = open_view(query="&baseline=1")
    assert view.having("target", "moved") == [1]
    assert view.having("target", "lost") == [1, 2]
    assert view.page.locator(".badge.lost").inner_text() == "was LOC"


def cell(view: View, row: int, column: int) -> tuple[float, float]:
    script = """([row, column]) => {
        const plot = document.querySelector('.st-key-test-matrix .js-plotly-plot');
        const {xaxis, yaxis} = plot._fullLayout;
        const box = plot.getBoundingClientRect();
        const [x, y] = [xaxis._offset + xaxis.l2p(column), yaxis._offset + yaxis.l2p(row)];
        return [box.left + x, box.top + y];
    }"""
    x, y = view.page.evaluate(script, [row, column])
    return x, y


@pytest.mark.parametrize(("row", "column", "linked"), [(0, 3, True), (2, 5, False)])
def test_the_matrix_lights_words_and_toggles_links(
    view: View, row: int, column: int, linked: bool
) -> None:
    view.page.locator(".st-key-test-matrix .xtick text").first.wait_for()
    view.widget("matrix").scroll_into_view_if_needed()
    view.page.mouse.move(*cell(view, row, column), steps=5)
    view.page.wait_for_timeout(300)
    assert (view.having("source", "active"), view.having("target", "active")) == ([row], [column])
    assert view.lines(".lit") == int(linked)
    assert view.page.locator(".linked-bands > div").count() == 2
    view.page.mouse.click(*cell(view, row, column))
    view.expect({"kind": "link", "source": row, "target": column})
    view.settle()
    # The chart was drawn anew; the view must have found it again.
    view.page.mouse.move(*cell(view, 1, 4), steps=5)
    view.page.wait_for_timeout(300)
    assert view.having("source", "active") == [1]


def test_words_show_as_bands_over_the_matrix(view: View) -> None:
    view.page.locator(".st-key-test-matrix .xtick text").first.wait_for()
    view.word("source", 0).hover()
    bands = view.page.locator(".linked-bands > div")
    boxes = [bands.nth(index).bounding_box() for index in range(bands.count())]
    assert len(boxes) == 2
    x, y = cell(view, 0, 3)
    row, column = boxes
    assert row is not None
    assert column is not None
    assert row["y"] <= y <= row["y"] + row["height"]
    assert column["x"] <= x <= column["x"] + column["width"]


def test_a_finger_taps_links_and_scrolls(browser: Browser, open_view: Callable[..., View]) -> None:
    touched = browser.new_page(has_touch=True, viewport={"width": 768, "height": 900})
    view = open_view(page=touched)
    view.word("source", 2).tap()
    view.word("target", 5).tap()
    view.expect({"kind": "link", "source": 2, "target": 5})
    style = view.word("source", 0).evaluate(
        "e => getComputedStyle(e.parentElement.parentElement).touchAction"
    )
    assert style == "pan-y pinch-zoom"
    touched.close()


@pytest.mark.parametrize("case", ["arabic", "injection", "long"])
def test_no_case_scrolls_sideways_in_a_narrow_window(
    open_view: Callable[..., View], case: str
) -> None:
    view = open_view(case, width=768)
    view.word("source", 0).dblclick()
    view.page.locator(".menu").wait_for()
    assert view.page.evaluate(
        "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".every(element => element.scrollWidth <= element.clientWidth)"
    )


def test_three_hundred_words_are_drawn_at_once(browser: Browser) -> None:
    source, target, source_language, target_language, given = CASES["long"]
    pair = typed_pair(source, target, source_language, target_language)
    data = linked_text_data(projected(pair, links_of(given)))
    page = browser.new_page()
    page.set_content("<div id=host></div>")
    assets = ROOT / "assets"
    page.add_style_tag(content=(assets / STYLE).read_text("utf-8"))
    names = (*VIEW_SCRIPTS, *EDIT_SCRIPTS)
    page.add_script_tag(content="\n".join((assets / name).read_text("utf-8") for name in names))
    # The least of several times: what else the machine does meanwhile is not ours.
    script = """data => {
        const least = (count, act) => Math.min(...Array.from({length: count}, (_, index) => {
            const start = performance.now();
            act(index);
            document.body.getBoundingClientRect();
            return performance.now() - start;
        }));
        let view;
        const first = least(4, () => {
            const root = document.createElement('div');
            document.getElementById('host').replaceChildren(root);
            view = new LinkedText(root, data);
            view.add(new CandidateRow(view));
        });
        const other = structuredClone(data);
        other.selected = 3;
        other.source.words[7].style = 's2';
        const update = least(4, (index) => view.update(index % 2 ? data : other));
        const hover = least(4, (index) => view.point({kind: 'word', side: 'source', index}));
        return [first, update, hover];
    }"""
    first, update, hover = page.evaluate(script, json.loads(json.dumps(data)))
    page.close()
    assert first < 100, first
    assert update < 50, update
    assert hover < 20, hover


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_grave_in_any_state(open_view: Callable[..., View], theme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    view = open_view(query="&baseline=1", theme=theme)

    def grave() -> list[str]:
        found = axe.run(view.page).response["violations"]
        return [
            f"{one['id']}: {node['html']}"
            for one in found
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]

    assert grave() == []
    view.badge("source", "A PER").click()
    view.page.locator(".chip").first.click()
    view.choose_from_menu("Ban")
    view.page.locator(".chip.banned").wait_for()
    view.settle()
    view.word("source", 0).hover()
    assert grave() == []
    view.word("source", 2).dblclick()
    assert grave() == []
    view.press("Escape", "?")
    assert view.page.get_by_role("dialog").count() == 1
    assert grave() == []
