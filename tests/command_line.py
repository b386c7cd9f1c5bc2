"""Driving the command line in tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.cli import main


def run_json(capsys: pytest.CaptureFixture[str], *words: str, exit_code: int = 0) -> dict[str, Any]:
    """Run a command and return its JSON."""
    assert main([*words, "--json"]) == exit_code
    parsed = json.loads(capsys.readouterr().out)
    assert isinstance(parsed, dict)
    return parsed


def write_corpus(folder: Path, source: str, target: str, links: str) -> list[str]:
    """Write a small parallel corpus; return the options that name it."""
    for name, text in (("en.conll", source), ("de.conll", target), ("links", links)):
        (folder / name).write_text(text, encoding="utf-8")
    return [
        *("--source-file", str(folder / "en.conll")),
        *("--target-file", str(folder / "de.conll")),
        *("--links-file", str(folder / "links")),
        *("--source", "en", "--target", "de", "--aligner", "precomputed"),
    ]
