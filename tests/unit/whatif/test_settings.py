from __future__ import annotations

from itertools import permutations

import pytest

from core.config import apply_settings
from core.methods import METHODS, method
from core.whatif.settings import names_text, settings_between


@pytest.mark.parametrize(
    ("start", "wanted"),
    list(permutations(["default", "ilp", "heuristic", "fused", "markers", "ensemble"], 2)),
)
def test_settings_lead_from_any_method_to_any_other(start: str, wanted: str) -> None:
    settings = settings_between(method(start), method(wanted))
    assert settings
    reached = apply_settings(method(start), settings)
    assert settings_between(reached, method(wanted)) == {}


@pytest.mark.parametrize("name", METHODS)
def test_a_method_differs_from_itself_in_nothing(name: str) -> None:
    assert settings_between(method(name), method(name)) == {}


def test_settings_are_those_of_the_command_line() -> None:
    changed = apply_settings(
        method("default"), {"scores.emb.weight": "0.5", "projector.n": "2", "labels": "PER,LOC"}
    )
    assert settings_between(method("default"), changed) == {
        "scores.emb.weight": "0.5",
        "projector.n": "2",
        "labels": "PER,LOC",
    }


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("encoder", True),
        ("encoder.model", True),
        ("translator.file", True),
        ("encoder.layer", False),
        ("projector.n", False),
        ("scores.emb.weight", False),
        ("aligner", False),
        ("labels", False),
        ("no.such.thing", False),
    ],
)
def test_files_and_models_are_told_from_numbers(key: str, text: bool) -> None:
    assert names_text(key) is text
