"""One page in one window of Chromium."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

# The first view loads torch and the models.
PATIENCE_MS = 90_000
INJECTION = "<img src=x onerror=document.title='owned'> <script>document.title='owned'</script>"


def page_text(page: Page) -> str:
    """Return what a page shows and what its inputs hold, for the report of a test that failed."""
    if page.is_closed():
        return "closed"
    lines = page.locator("body").inner_text(timeout=5000).splitlines()
    inputs = page.locator("input:visible, textarea:visible").evaluate_all(
        "all => all.map((one) => `${one.getAttribute('aria-label')}: ${one.value.slice(0, 200)}`)"
    )
    state = page.locator("[data-testid=stApp]").get_attribute(
        "data-test-script-state", timeout=5000
    )
    text = "\n".join(filter(None, map(str.strip, lines)))
    return "\n".join([f"script: {state}", *inputs, text[:4000]])


class Window:
    """A page and the errors its scripts made.

    Args:
        page: Playwright's page.
        address: of the app.
        name: first part of the page's widget keys.
    """

    def __init__(self, page: Page, address: str, name: str) -> None:
        self.page = page
        self.address = address
        self.name = name
        self.errors: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def settle(self) -> None:
        """Wait until the script has run through."""
        self.page.wait_for_timeout(300)
        self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
        # What the script has sent may not all be drawn; shortcuts are listened to only then.
        self.page.evaluate(
            "() => new Promise((done) => requestIdleCallback(done, { timeout: 20000 }))"
        )

    def expect_value(self, box: Locator, start: str) -> None:
        """Wait until a box holds a text that begins like this; under load that takes a while."""
        from playwright.sync_api import expect

        expect(box).to_have_value(re.compile(re.escape(start)), timeout=PATIENCE_MS)

    def widget(self, name: str) -> Locator:
        """Return a widget by the second part of its key."""
        return self.page.locator(f".st-key-{self.name}-{name}")

    def tab(self, name: str) -> None:
        """Open a tab."""
        self.page.get_by_role("tab", name=name, exact=True).click()
        self.settle()

    def choose(self, name: str, text: str) -> None:
        """Type a choice into a select box."""
        from playwright.sync_api import expect

        box = self.widget(name).locator("input").first
        box.click()
        box.fill(text)
        # The list is drawn anew for what was typed; under load that takes a while.
        first = self.page.get_by_role("option").first
        expect(first).to_contain_text(text, ignore_case=True, timeout=PATIENCE_MS)
        box.press("Enter")
        self.settle()


class TextWindow(Window):
    """A page with the linked text view; words are counted from 0."""

    def words(self, side: str) -> Locator:
        return self.page.locator(f".st-key-{self.name}-text .word[data-side={side}]")

    def word(self, side: str, index: int) -> Locator:
        return self.words(side).nth(index)

    def having(self, side: str, name: str) -> list[int]:
        """Return the words that have a class."""
        return [
            int(place)
            for place in self.page.locator(
                f".st-key-{self.name}-text .word.{name}[data-side={side}]"
            ).evaluate_all("words => words.map(word => word.dataset.index)")
        ]

    def lines(self, name: str = "") -> int:
        return self.page.locator(f".st-key-{self.name}-text .lines path{name}").count()

    def badge(self, side: str, text: str) -> Locator:
        return self.page.locator(f".{side} button.badge").filter(has_text=text).first

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def drag(self, start: Locator, *stops: Locator, release: bool = True) -> None:
        for place, one in enumerate((start, *stops)):
            box = one.bounding_box()
            assert box is not None
            middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            self.page.mouse.move(*middle, steps=8 if place else 1)
            if place == 0:
                self.page.mouse.down()
        if release:
            self.page.mouse.up()

    def menu(self) -> list[str]:
        return self.page.locator(".menu [role=menuitem]").all_inner_texts()

    def choose_from_menu(self, text: str) -> None:
        self.page.locator(".menu [role=menuitem]").filter(has_text=text).first.click()

    def told(self) -> str:
        return self.page.locator(f".st-key-{self.name}-text .info").inner_text()
