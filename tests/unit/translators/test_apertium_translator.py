"""What is told of the programs: they are missing or broken, or cannot do one text."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import BackendError, ConfigError
from core.stages import may_be_one_text
from core.translators import TRANSLATORS

LISTED = 'if [ "$1" = -l ]; then echo eng-spa; exit; fi\n'


def translate(*texts: str, mode: str = "") -> list[str]:
    translator = TRANSLATORS.create("apertium", {"mode": mode})
    return translator.translate(texts, source="en", target="es")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put an empty program in the place of Apertium's."""
    path = tmp_path / "apertium"
    path.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return path


def test_a_mode_that_is_not_installed_is_no_fault_of_a_text(program: Path) -> None:
    program.write_text(f"#!/bin/sh\n{LISTED}exit 1\n")
    with pytest.raises(ConfigError, match="must have the pair eng-cat, installed are eng-spa"):
        translate("Rome", mode="eng-cat")


def test_a_program_that_does_not_work_is_no_fault_of_a_text(program: Path) -> None:
    program.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(BackendError, match="apertium -l ended with 1") as raised:
        translate("Rome")
    assert raised.value.code == "model-unusable"
    assert not may_be_one_text(raised.value)


@pytest.mark.parametrize(
    ("does", "says"),
    [("exit 3", "ended with 3"), ("true", "got none for text 1 of 2")],
)
def test_a_text_that_is_not_translated_may_fail_alone(program: Path, does: str, says: str) -> None:
    program.write_text(f"#!/bin/sh\n{LISTED}{does}\n")
    with pytest.raises(BackendError, match=says) as raised:
        translate("Rome", "Oslo")
    assert raised.value.code == "text-refused"
    assert may_be_one_text(raised.value)
