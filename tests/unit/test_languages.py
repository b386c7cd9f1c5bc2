"""The table of languages agrees with itself and with what the rest of the engine knows."""

from __future__ import annotations

import unicodedata

import pytest

from core.datasets import DATASETS
from core.datasets._benchmark import Benchmark
from core.datasets._sources import SOURCES
from core.errors import ConfigError
from core.languages import Language, find_language_facts, languages, languages_of
from core.text.language_codes import language_names
from core.text.words import base_language

ALL = tuple(languages().values())
RIGHT_TO_LEFT = {"Arab", "Hebr"}
UNSPACED = {"Hans", "Hant", "Jpan", "Thai", "Mymr"}
# Beginnings of the names that Unicode gives the letters of a script (ISO 15924).
LETTERS = {
    "Arab": "ARABIC",
    "Beng": "BENGALI",
    "Cyrl": "CYRILLIC",
    "Deva": "DEVANAGARI",
    "Geor": "GEORGIAN",
    "Grek": "GREEK",
    "Hang": "HANGUL",
    "Hans": "CJK",
    "Hant": "CJK",
    "Hebr": "HEBREW",
    "Jpan": "CJK",
    "Latn": "LATIN",
    "Mlym": "MALAYALAM",
    "Mymr": "MYANMAR",
    "Taml": "TAMIL",
    "Telu": "TELUGU",
    "Thai": "THAI",
}


def test_codes_are_unique_and_sorted() -> None:
    assert [one.code for one in ALL] == sorted(languages())
    bases = [one.iso639_3 for one in ALL if "-" not in one.code]
    assert len(set(bases)) == len(bases)


@pytest.mark.parametrize("language", ALL, ids=lambda one: one.code)
def test_facts_agree(language: Language) -> None:
    assert language.name
    assert language.benchmarks
    assert language.iso639_3 in language_names(language.code)
    assert language.nllb is None or language.nllb.endswith(f"_{language.script}")
    assert language.direction == ("rtl" if language.script in RIGHT_TO_LEFT else "ltr")
    assert language.has_spaces == (language.script not in UNSPACED)
    assert language.resources is None or 0 <= language.resources <= 5
    letters = [one for one in language.endonym if unicodedata.category(one).startswith("L")]
    named = [unicodedata.name(one) for one in letters]
    assert all(name.startswith((LETTERS[language.script], "MODIFIER")) for name in named)


def test_only_these_have_no_code_of_nllb() -> None:
    assert {one.code for one in ALL if one.nllb is None} == {"bbj", "pcm", "sr-Latn"}


def test_the_fifty_seven_languages() -> None:
    targets = set(languages_of("pan-x")) - {"en"}
    africa = set(languages_of("masakhaner2"))
    assert (len(targets), len(africa), targets & africa) == (39, 20, {"sw", "yo"})
    assert len(targets | africa) == 57


def test_benchmarks_are_those_that_can_be_fetched() -> None:
    assert languages_of("xquad") == SOURCES["xquad"].languages
    assert languages_of("europarl-ner") == SOURCES["europarl-ner"].languages
    assert languages_of("masakhaner2") == SOURCES["masakhaner2"].languages
    assert languages_of("uner") == SOURCES["uner-treebanks"].languages
    assert {one for language in ALL for one in language.benchmarks} == {
        *("europarl-ner", "masakhaner2", "mlqa", "pan-x", "uner", "xquad")
    }


@pytest.mark.parametrize("name", ["masakhaner2", "pan_x", "uner_hr", "uner_treebanks"])
def test_what_can_be_fetched_is_what_is_read(name: str) -> None:
    corpus = DATASETS.create(name)
    assert isinstance(corpus, Benchmark)
    source = SOURCES[corpus.name]
    assert source.languages == corpus.own_languages()
    read = {
        corpus.files(language, split)[0]
        for language in corpus.own_languages()
        for split in corpus.splits_of(language)
    }
    parts = {f"{source.folder}/{part.name}" for part in source.parts}
    assert not parts or parts == read


def test_a_language_is_found_by_its_base() -> None:
    assert find_language_facts("pt-BR").endonym == "português"
    assert find_language_facts("zh-Hant").name == "Chinese (Hant)"
    assert base_language(find_language_facts("zh").code) == "zh"
    with pytest.raises(ConfigError, match="got 'tlh'"):
        find_language_facts("tlh")
