"""One page in one window of Chromium."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

# The first view loads torch and the models.
PATIENCE_MS = 120_000
INJECTION = "<img src=x onerror=document.title='owned'> <script>document.title='owned'</script>"


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

    def expect_value(self, box: Locator, start: str) -> None:
        """Wait until a box holds a text that begins like this; under load that takes a while."""
        from playwright.sync_api import expect

        expect(box).to_have_value(re.compile(re.escape(start)), timeout=PATIENCE_MS)

    def widget(self, name: str) -> Locator:
        """Return a widget by the second part of its key."""
        return self.page.locator(f".st-key-{self.name}-{name}")
