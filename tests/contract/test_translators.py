"""Laws of every registered translator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.errors import BackendError, ConfigError
from core.translators import TRANSLATORS, TagTranslator, Translator
from core.translators.apertium import installed_modes
from tests.tiny_models import ENGLISH, GERMAN, save_english_german


@dataclass(frozen=True)
class Case:
    """A translator and what it can translate here."""

    name: str
    translator: Translator
    texts: Sequence[str]
    target: str

    def translate(self, texts: Sequence[str]) -> list[str]:
        return self.translator.translate(texts, source="en", target=self.target)


def _apertium(folder: Path) -> Case:
    try:
        modes = installed_modes()
    except BackendError as error:
        pytest.skip(str(error))
    if "eng-spa" not in modes:
        pytest.skip("no pair eng-spa: apt-get install apertium-eng-spa")
    texts = ["The house is big .", "Anna lives in Rome .", "It rains in May ."]
    return Case("apertium", TRANSLATORS.create("apertium"), texts, "es")


def _precomputed(folder: Path) -> Case:
    lines = (f"{left}\t{right}\n" for left, right in zip(ENGLISH, GERMAN, strict=True))
    (folder / "en-de.tsv").write_text("".join(lines))
    translator = TRANSLATORS.create("precomputed", {"file": str(folder / "en-de.tsv")})
    return Case("precomputed", translator, ENGLISH, "de")


def _seq2seq(folder: Path) -> Case:
    save_english_german(folder)
    translator = TRANSLATORS.create("seq2seq", {"model": str(folder), "device": "cpu"})
    return Case("seq2seq", translator, ENGLISH, "de")


MAKERS = {"apertium": _apertium, "precomputed": _precomputed, "seq2seq": _seq2seq}


@pytest.fixture(params=TRANSLATORS.names(), scope="module")
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    return MAKERS[request.param](tmp_path_factory.mktemp(request.param))


def test_it_follows_the_protocol(case: Case) -> None:
    assert isinstance(case.translator, Translator)
    assert isinstance(case.translator, TagTranslator) == (case.name == "apertium")


def test_one_text_a_text_in_order(case: Case) -> None:
    found = case.translate(case.texts)
    assert len(found) == len(case.texts)
    assert all(found)
    assert case.translate(case.texts[::-1]) == found[::-1]


def test_an_empty_text_stays_empty(case: Case) -> None:
    found = case.translate(["", case.texts[0], " \n"])
    assert (found[0], found[2]) == ("", "")
    assert found[1]
    assert case.translate([]) == []


def test_a_translation_does_not_depend_on_the_other_texts(case: Case) -> None:
    together = case.translate(case.texts)
    assert [case.translate([text])[0] for text in case.texts] == together


def test_an_unsupported_language_is_refused(case: Case) -> None:
    if case.name == "precomputed":
        pytest.skip("it knows texts, not languages")
    with pytest.raises(ConfigError) as raised:
        case.translator.translate(case.texts, source="en", target="qaa")
    assert raised.value.code == "unknown-language"


def test_it_works_again_after_release(case: Case) -> None:
    before = case.translate(case.texts[:1])
    case.translator.release()
    assert case.translate(case.texts[:1]) == before
