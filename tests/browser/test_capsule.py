"""A capsule opened from disk, with no network: what a presenter's browser makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.capsule import CapsuleItem, render_capsule
from tests.browser.driving import INJECTION
from tests.unit.capsule.builders import ABOUT, failed, projection

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.encoder, pytest.mark.thorough]
MakeCapsule = Callable[[str, Sequence[str]], Path]
# Would run if markup got in, and if the policy let it.
EVIL = f"{INJECTION}</script><script>document.title='owned'</script>"


class Sheet:
    """A capsule in one window, and all that it asked for or complained about."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self.complaints.append(message.text))

    def open(self, path: Path) -> Sheet:
        self.page.goto(path.as_uri())
        return self

    def live(self, path: Path) -> Sheet:
        self.open(path)
        self.page.locator(".linked-text.built .word").first.wait_for()
        return self

    def word(self, side: str, text: str) -> Locator:
        words = self.page.locator(f".live-view .word[data-side={side}]")
        return words.get_by_text(text, exact=True).first

    def fits(self) -> bool:
        script = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        return bool(self.page.evaluate(script))


@pytest.fixture
def open_sheet(browser: Browser) -> Iterator[Callable[..., Sheet]]:
    sheets: list[Sheet] = []

    def make(width: int = 1280, **options: object) -> Sheet:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, offline=True, **options
        )
        sheets.append(Sheet(context.new_page()))
        return sheets[-1]

    yield make
    for sheet in sheets:
        asked = [url for url in sheet.requests if not url.startswith(("file://", "data:"))]
        sheet.page.context.close()
        assert asked == []
        assert sheet.complaints == []


@pytest.fixture
def sheet(open_sheet: Callable[..., Sheet]) -> Sheet:
    return open_sheet()


def write(folder: Path, *items: CapsuleItem, title: str = "Title", note: str = "") -> Path:
    path = folder / "capsule.html"
    document = render_capsule(items, title=title, note=note, about=ABOUT)
    path.write_text(document, encoding="utf-8")
    return path


def test_only_the_file_itself_is_read(sheet: Sheet, make_capsule: MakeCapsule) -> None:
    path = make_capsule("ar", ("1-4",))
    sheet.live(path)
    sheet.page.locator(".item").last.scroll_into_view_if_needed()
    sheet.page.wait_for_timeout(300)
    assert sheet.requests == [path.as_uri()]


def test_pointing_at_a_word_lights_the_linked_one(sheet: Sheet, make_capsule: MakeCapsule) -> None:
    sheet.live(make_capsule("de", ("1",)))
    sheet.word("source", "Berlin").hover()
    lit = sheet.page.locator(".live-view .word.linked")
    assert lit.all_inner_texts() == ["Berlin"]
    assert lit.get_attribute("data-side") == "target"


def test_words_can_be_walked_with_the_keyboard(sheet: Sheet, make_capsule: MakeCapsule) -> None:
    sheet.live(make_capsule("de", ("1",)))
    sheet.word("source", "Maria").focus()
    sheet.page.keyboard.press("ArrowRight")
    lit = sheet.page.locator(".live-view .word.linked")
    assert lit.all_inner_texts() == ["Weber"]


def test_nothing_can_be_changed(sheet: Sheet, make_capsule: MakeCapsule) -> None:
    sheet.live(make_capsule("de", ("1",)))
    lines = sheet.page.locator(".live-view path").count()
    sheet.word("source", "Berlin").click()
    sheet.word("target", "Maria").click()
    sheet.page.keyboard.press("Enter")
    sheet.page.keyboard.press("Delete")
    assert sheet.page.locator(".live-view path").count() == lines


def test_markup_in_words_labels_title_and_note_stays_text(sheet: Sheet, tmp_path: Path) -> None:
    words = projection(f"[LOC {EVIL}] is old", f"[LOC {EVIL}] ist alt")
    labelled = replace(projection(), spans=(replace(projection().spans[0], label=EVIL),))
    broken = replace(failed(), failure=replace(failed().failure, message=EVIL))
    items = [CapsuleItem(one, note=EVIL) for one in (words, labelled, broken)]
    sheet.live(write(tmp_path, *items, title=f"T {EVIL}", note=EVIL))
    for place in range(3):
        sheet.page.locator(".item").nth(place).scroll_into_view_if_needed()
        sheet.page.locator(".linked-text.built").nth(place).wait_for()
    sheet.page.locator(".live-view .word").first.hover()
    assert sheet.page.title().startswith("T <img")
    assert sheet.page.locator("h1").inner_text() == f"T {EVIL}"
    assert sheet.page.locator("img").count() == 0
    assert EVIL in (sheet.page.locator(".failure").text_content() or "")


def test_the_policy_stops_what_would_get_in(
    open_sheet: Callable[..., Sheet], tmp_path: Path
) -> None:
    path = write(tmp_path, CapsuleItem(projection()))
    document = path.read_text(encoding="utf-8")
    spoilt = document.replace(
        "</main>",
        "<script>document.title='owned'</script>"
        "<img src=x onerror=\"document.title='owned'\"></main>",
    )
    assert spoilt != document
    path.write_text(spoilt, encoding="utf-8")
    sheet = open_sheet().live(path)
    assert sheet.page.title() == "Title"
    assert len(sheet.complaints) >= 2
    assert all("Content Security Policy" in one for one in sheet.complaints)
    sheet.complaints.clear()


def test_without_scripts_all_text_is_there(
    open_sheet: Callable[..., Sheet], make_capsule: MakeCapsule
) -> None:
    sheet = open_sheet(java_script_enabled=False).open(make_capsule("ar", ("1-4",)))
    assert sheet.page.locator(".sentence").count() == 8
    marks = sheet.page.locator(".sentence").first.locator("mark")
    assert marks.all_inner_texts()[0].endswith("Maria Weber")
    assert sheet.page.locator(".sentence:visible").count() == 8
    assert sheet.page.locator("button").count() == 0
    sheet.page.locator("summary").first.click()
    assert sheet.page.locator("details table").first.is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_follows_the_system_and_the_button(
    open_sheet: Callable[..., Sheet], make_capsule: MakeCapsule, theme: str
) -> None:
    sheet = open_sheet(color_scheme=theme).live(make_capsule("de", ("1",)))

    def brightness() -> int:
        colour = str(
            sheet.page.locator(".item").evaluate("e => getComputedStyle(e).backgroundColor")
        )
        return int(colour.partition("(")[2].partition(",")[0])

    assert (brightness() > 128) == (theme == "light")
    button = sheet.page.get_by_role("button", name="Dark")
    assert button.get_attribute("aria-pressed") == str(theme == "dark").lower()
    button.click()
    assert (brightness() > 128) == (theme == "dark")
    button.click()
    assert (brightness() > 128) == (theme == "light")


@pytest.mark.parametrize("width", [768, 390])
@pytest.mark.parametrize("target", ["de", "ar", "zh"])
@pytest.mark.parametrize("scripts", [True, False])
def test_a_narrow_window_never_scrolls_sideways(
    open_sheet: Callable[..., Sheet],
    make_capsule: MakeCapsule,
    width: int,
    target: str,
    scripts: bool,
) -> None:
    sheet = open_sheet(width, java_script_enabled=scripts).open(make_capsule(target, ("1-4",)))
    for place in range(4):
        sheet.page.locator(".item").nth(place).scroll_into_view_if_needed()
        sheet.page.wait_for_timeout(50)
        assert sheet.fits()


@pytest.mark.parametrize(("target", "direction"), [("ar", "rtl"), ("zh", "ltr")])
def test_each_script_has_its_direction_and_language(
    sheet: Sheet, make_capsule: MakeCapsule, target: str, direction: str
) -> None:
    sheet.live(make_capsule(target, ("3",)))
    computed = "element => getComputedStyle(element).direction"
    for selector in (".still .sentence", ".live-view .text"):
        texts = sheet.page.locator(selector)
        assert [texts.nth(place).evaluate(computed) for place in (0, 1)] == ["ltr", direction]
        assert [texts.nth(place).get_attribute("lang") for place in (0, 1)] == ["en", target]


def test_keys_go_from_sentence_to_sentence(sheet: Sheet, make_capsule: MakeCapsule) -> None:
    sheet.live(make_capsule("ar", ("1-4",)))
    for key, expected in (("j", "h1"), ("j", "h2"), ("J", "h3"), ("k", "h2")):
        sheet.page.keyboard.press(key)
        assert sheet.page.evaluate("document.activeElement.id") == expected


def test_on_paper_the_text_stands_still_and_light(
    open_sheet: Callable[..., Sheet], make_capsule: MakeCapsule
) -> None:
    sheet = open_sheet(718, color_scheme="dark").live(make_capsule("de", ("1-4",)))  # A4
    sheet.page.emulate_media(media="print")
    assert sheet.fits()
    assert sheet.page.locator(".still .sentence").first.is_visible()
    assert sheet.page.locator(".live-view:visible").count() == 0
    assert not sheet.page.locator(".tools").is_visible()
    colour = sheet.page.locator("body").evaluate("e => getComputedStyle(e).color")
    assert colour == "rgb(0, 0, 0)"


def test_a_hundred_sentences_open_within_a_second(sheet: Sheet, tmp_path: Path) -> None:
    one = projection("[LOC Berlin] " + "is old " * 20, "[LOC Berlin] " + "ist alt " * 20)
    path = write(tmp_path, *[CapsuleItem(one)] * 100)
    assert path.stat().st_size < 3_000_000
    sheet.live(path)
    script = "performance.getEntriesByType('navigation')[0].loadEventEnd"
    assert sheet.page.evaluate(script) < 1000
    # The views of far sentences are made when they come near.
    assert sheet.page.locator(".linked-text.built").count() < 20
    sheet.page.locator("#s90").scroll_into_view_if_needed()
    sheet.page.locator("#s90 .linked-text.built").wait_for()
