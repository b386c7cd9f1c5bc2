"""Typing errors, case, marks and script."""

from __future__ import annotations

import numpy as np
import pytest

from core.perturbations._keyboards import neighbours
from core.perturbations._misspelling import Kind, _spellings, misspell
from core.perturbations._units import clusters
from core.perturbations.case import Case, in_case
from core.perturbations.diacritics import Diacritics, strip_marks
from core.perturbations.script import Script
from core.perturbations.typos import Typos
from tests.builders import sentence


@pytest.mark.parametrize(
    ("word", "kind", "expected"),
    [
        ("cat", "deletion", ["at", "ct", "ca"]),
        ("cat", "transposition", ["act", "cta"]),
        ("Rome", "transposition", ["Orme", "Rmoe", "Roem"]),
        ("😀a1b", "deletion", ["😀1b", "😀a1"]),
        ("o\u0301la", "transposition", ["lo\u0301a", "o\u0301al"]),
        ("कमल", "deletion", ["मल", "कल", "कम"]),
        ("aa", "transposition", []),
        ("a", "deletion", []),
        ("中国", "keyboard", []),
    ],
)
def test_every_spelling_with_one_error(word: str, kind: Kind, expected: list[str]) -> None:
    assert _spellings(clusters(word), "en", kind) == expected


def test_keys_by_language_and_script() -> None:
    assert set(neighbours("en")["s"]) == {"a", "d", "w", "e", "z", "x"}
    assert "z" in neighbours("de")["t"]
    assert "y" in neighbours("en")["t"]
    assert "š" in neighbours("hr")["p"]
    assert set(neighbours("ru")["м"]) >= {"с", "и"}
    assert set(neighbours("ar")["س"]) >= {"ش", "ي"}
    assert all(key != " " for keys in neighbours("el").values() for key in keys)
    assert all(
        word in neighbours("en")[other] for word in "qwz" for other in neighbours("en")[word]
    )


def test_capitals_are_kept_by_a_neighbouring_key() -> None:
    assert {one[0].isupper() for one in _spellings(clusters("Q"), "en", "keyboard")} == {True}


def test_any_takes_what_is_possible() -> None:
    rng = np.random.default_rng(0)
    wrong = misspell("中国", "zh", "any", rng)
    assert wrong is not None
    assert wrong[0] in ("国中", "国", "中")
    assert misspell("1990", "en", "any", rng) is None


def test_typos_where_they_are_wanted() -> None:
    test = [sentence("Berlin is beautiful today", "en", (0, 1, "LOC"))]
    entities = Typos(share=1, where="entities").perturb(test, training=(), seed=0)
    assert [one.before for one in entities.changes] == [("Berlin",)]
    context = Typos(share=1, where="context").perturb(test, training=(), seed=0)
    assert [one.before for one in context.changes] == [("beautiful",), ("today",)]
    long = Typos(share=1, shortest=7).perturb(test, training=(), seed=0)
    assert [one.before for one in long.changes] == [("beautiful",)]
    none = Typos(share=0).perturb(test, training=(), seed=0)
    assert none.unchanged[0].reason == "no word was drawn"
    short = Typos(share=1).perturb([sentence("I am , 1990", "en")], training=(), seed=0)
    assert short.unchanged[0].reason == "no word there is long enough"


def test_the_share_is_about_kept() -> None:
    test = [sentence("several longer words stand here together", "en")] * 200
    found = Typos(share=0.25).perturb(test, training=(), seed=0)
    assert 240 < len(found.changes) < 360


def test_chinese_typos_stay_within_words() -> None:
    pytest.importorskip("jieba")
    test = [sentence("他 在 北 京 工 作", "zh", (2, 4, "LOC"))]
    found = Typos(share=1, kind="transposition").perturb(test, training=(), seed=0)
    assert found.sentences[0].text == "他在京北作工"
    assert found.sentences[0].text_of(found.sentences[0].spans[0]) == "京北"
    shorter = Typos(share=1, kind="deletion", where="entities").perturb(test, training=(), seed=0)
    assert len(shorter.sentences[0].spans[0]) == 1


@pytest.mark.parametrize(
    ("word", "to", "language", "expected"),
    [
        ("Straße", "upper", "de", "STRASSE"),
        ("ISPARTA", "lower", "tr", "ısparta"),
        ("izmir", "upper", "tr", "İZMİR"),
        ("izmir", "title", "tr", "İzmir"),
        ("don't", "title", "en", "Don't"),
        ("«élan»", "title", "fr", "«Élan»"),
        ("ΟΔΟΣ", "lower", "el", "οδος"),
        ("北京", "upper", "zh", "北京"),
    ],
)
def test_case_of_words(word: str, to: str, language: str, expected: str) -> None:
    assert in_case(word, to, language) == expected  # type: ignore[arg-type]


def test_case_of_entities_only() -> None:
    test = [sentence("Ana lives in Rome", "en", (0, 1, "PER"), (3, 4, "LOC"))]
    found = Case(to="upper", where="entities").perturb(test, training=(), seed=0)
    assert found.sentences[0].text == "ANA lives in ROME"
    assert found.changes[1].reason == "upper case"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Čakovec", "Cakovec"),
        ("Đuro", "Duro"),
        ("Łódź", "Lodz"),
        ("Ọla\u0301", "Ola"),
        ("Größe", "Große"),
        ("ёлка", "елка"),
        ("йод", "йод"),
        ("Київ", "Київ"),
        ("Ἀθῆναι", "Αθηναι"),
        ("مُحَمَّد", "محمد"),
        ("שָׁלוֹם", "שלום"),
        ("हिन्दी", "हिन्दी"),
        ("が", "が"),
        ("\u0301", "\u0301"),
        ("é😀", "e😀"),
    ],
)
def test_marks_are_stripped(word: str, expected: str) -> None:
    assert strip_marks(word) == expected


def test_diacritics_of_context_only() -> None:
    test = [sentence("José está aquí", "es", (0, 1, "PER"))]
    found = Diacritics(where="context").perturb(test, training=(), seed=0)
    assert found.sentences[0].text == "José esta aqui"


def test_latin_letters() -> None:
    pytest.importorskip("uroman")
    test = [sentence("Ана живёт в New York 😀", "ru", (0, 1, "PER"), (3, 5, "LOC"))]
    found = Script().perturb(test, training=(), seed=0)
    assert found.sentences[0].text == "Ana zhivyot v New York 😀"
    chinese = Script().perturb([sentence("在 北 京", "zh", (1, 3, "LOC"))], training=(), seed=0)
    assert chinese.sentences[0].text_of(chinese.sentences[0].spans[0]) == "beijing"
