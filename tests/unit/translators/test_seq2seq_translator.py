"""The translator seq2seq on a tiny model."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from core.seq2seq import CutTranslationWarning
from core.translators import TRANSLATORS
from tests.tiny_models import ENGLISH, GERMAN, save_english_german, save_seq2seq


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nllb")
    save_english_german(folder)
    return folder


def test_it_translates(folder: Path) -> None:
    translator = TRANSLATORS.create("seq2seq", {"model": str(folder), "beams": 2})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = translator.translate(ENGLISH, source="en", target="de")
    assert found == list(GERMAN)


def test_what_lacks_its_tail_is_named_once(tmp_path: Path) -> None:
    save_seq2seq(tmp_path, ["ada", "rome"])  # untaught, it never comes to an end
    translator = TRANSLATORS.create("seq2seq", {"model": str(tmp_path), "max_target_tokens": 4})
    texts = ["ada", "", *(f"rome {'ada ' * i}" for i in range(7))]
    with pytest.warns(CutTranslationWarning) as caught:
        translator.translate(texts, source="en", target="de")
    assert len(caught) == 1
    message = str(caught[0].message)
    assert message.startswith("8 of 9 translations reached 4 tokens")
    assert "(texts 1, 3, 4, 5, 6, …)" in message


def test_the_summary_tells_the_licence() -> None:
    summary = (TRANSLATORS.get("seq2seq").__doc__ or "").partition("\n")[0]
    assert "CC-BY-NC" in summary
