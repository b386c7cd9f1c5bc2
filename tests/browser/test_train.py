"""The page Train in a real browser: a run is launched, watched, stopped, resumed and compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.jobs import list_runs, stop
from core.jobs.folder import read_run
from tests.browser.driving import PATIENCE_MS, Window
from tests.browser.test_accessibility import grave_findings
from tests.runs import comes_to, until
from tests.unit.training.conftest import save_base, write_data

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.encoder]
# Long enough to be stopped on the way, short enough to be waited for.
UPDATES = 240


class View(Window):
    """The page in one window."""

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page, address, "train")

    def open(self) -> View:
        self.page.goto(f"{self.address}/train")
        name = self.page.locator(".st-key-reviewer-name input")
        name.fill("Ada")
        name.press("Enter")
        self.settle()
        return self

    def write(self, name: str, text: str) -> None:
        box = self.widget(name).locator("input").first
        box.fill(text)
        box.press("Enter")
        self.settle()

    def add_file(self, role: str, path: Path) -> None:
        self.widget(f"ner-{role}-expander").get_by_text("Add to the list").click()
        self.widget(f"ner-{role}-origin").get_by_role("radio", name="A file").click()
        self.settle()
        file = self.widget(f"ner-{role}-file")
        file.locator("input[type=file]").first.set_input_files(path)
        file.get_by_text(path.name).first.wait_for()
        self.settle()
        self.widget(f"ner-{role}-add").get_by_role("button").click()
        self.widget(f"ner-{role}-part-0").get_by_text(path.name).wait_for()
        self.settle()

    def press(self, name: str, run: str) -> None:
        self.widget(f"{name}-{run}").get_by_role("button").click()

    def wait_for_state(self, text: str) -> None:
        self.widget("state").get_by_text(text).first.wait_for(timeout=2 * PATIENCE_MS)


@pytest.fixture
def view(browser: Browser, address: str, runs_root: Path) -> Iterator[View]:
    page = browser.new_page(viewport={"width": 1300, "height": 1000})
    opened = View(page, address).open()
    yield opened
    page.close()
    for run in list_runs(runs_root):
        if run.state in ("running", "queued"):
            stop(run.id, runs_root, grace=0)
    assert not opened.errors


def test_a_run_is_launched_watched_stopped_resumed_and_compared(
    view: View, runs_root: Path, tmp_path: Path
) -> None:
    base = tmp_path / "base"
    base.mkdir()
    save_base(base)
    data = Path(write_data(tmp_path)[0])
    view.tab("New run")
    view.add_file("data", data)
    view.add_file("dev", data)
    view.choose("ner-method", "fgm")
    view.write("ner-recipe-base", str(base))
    view.write("ner-recipe-batch", "4")
    view.write("ner-recipe-updates", str(UPDATES))
    view.write("name", "مرحبا <b>tiny</b>")
    view.widget("estimate").get_by_role("button").click()
    view.widget("estimated").get_by_text(f"{UPDATES}").wait_for()
    view.settle()
    assert grave_findings(view.page) == []
    view.widget("begin").get_by_role("button").click()
    view.page.locator(".st-key-runs-told").get_by_text("on its way").wait_for()
    run = list_runs(runs_root)[-1]
    assert (run.plan.name, run.plan.config["method"]) == ("مرحبا <b>tiny</b>", "fgm")

    view.tab("Runs")
    view.wait_for_state("running")
    view.widget("curves-table").get_by_text("learning_rate").wait_for(timeout=2 * PATIENCE_MS)
    view.press("stop", run.id)
    view.wait_for_state("stopped")
    until(lambda: read_run(run.folder).state == "stopped")
    assert grave_findings(view.page) == []

    view.page.reload()  # nothing of a run hangs on the window
    view.wait_for_state("stopped")
    view.settle()
    view.press("resume", run.id)
    view.wait_for_state("attempt 2")
    view.wait_for_state("done")
    assert comes_to(run, "done").status.attempt == 2
    assert (run.folder / "artefacts" / "model").is_dir()
    view.widget("curves-table").get_by_text("dev_f1").wait_for()
