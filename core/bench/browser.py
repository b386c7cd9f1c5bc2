"""The app in a process of its own, and Chromium: for measuring and for tests."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from core.errors import BackendError

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_START_SECONDS = 60


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium with an empty profile.

    Raises:
        BackendError: Playwright or Chromium is missing.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise BackendError(
            "measuring the page needs Playwright, which is not installed",
            code="missing-package",
            hint="pip install -r requirements-dev.txt",
        ) from error
    program = shutil.which("chromium")
    if program is None:
        raise BackendError(
            "measuring the page needs Chromium, which is not installed",
            code="missing-package",
            hint="make programs",
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def serve(script: str = "app.py", *, environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run the app in a process group of its own, and stop that group by its id.

    Args:
        script: what to run, relative to the project.
        environment: variables to set beside those of this process.

    Raises:
        BackendError: it did not start; the message ends with its log.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1"]
    command += ["--server.fileWatcherType=none"]
    with TemporaryDirectory(prefix="spanbridge-") as folder:
        log = Path(folder, "log.txt")
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 (our own interpreter and script)
                command,
                cwd=ROOT,
                stdout=output,
                stderr=output,
                start_new_session=True,
                env={**os.environ, **(environment or {})},
            )
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_until_healthy(address, process, log)
            yield address
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=20)


def _wait_until_healthy(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise BackendError(
        f"the app must start within {_START_SECONDS} seconds, got: "
        f"{log.read_text(encoding='utf-8', errors='replace')[-2000:]}",
        code="solver-failed",
    )
