"""Readings of words in Latin letters."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
import uroman

from core.text import romanise
from core.text.romanise import romanise_text, romanise_words


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Answers of a changed world must not be remembered."""
    yield
    romanise._japanese_readings.cache_clear()
    romanise._romanise.cache_clear()


@pytest.mark.parametrize(
    ("language", "words", "readings"),
    [
        ("ar", ["مرحبا", "القاهرة", "،"], ("mrhba", "alqahra", "")),
        ("hi", ["दिल्ली", "है", "।"], ("dillii", "hai", "")),
        ("zh", ["北", "京", "。", "2024"], ("bei", "jing", "", "")),
        ("zh-TW", ["臺", "灣"], ("tai", "wan")),
        ("ja", ["カ", "イ", "ロ"], ("ka", "i", "ro")),
        ("ru", ["Москва", "—", "город"], ("Moskva", "", "gorod")),
        ("uk", ["Київ"], ("Kyiv",)),
        ("el", ["Αθήνα"], ("Athena",)),
        ("ko", ["서울"], ("seoul",)),
        ("am", ["አዲስ"], ("adise",)),
        ("xyz", ["Москва"], ("Moskva",)),
    ],
)
def test_every_script_has_a_reading(
    language: str, words: list[str], readings: tuple[str, ...]
) -> None:
    assert romanise_words(words, language) == readings


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("en", "Berlin"),
        ("yo", "Ọlọ́run"),
        ("vi", "Nguyễn"),
        ("de", "Straße"),
        ("en", "2024"),
        ("en", "😀"),
        ("en", "👨‍👩‍👧"),
        ("en", "½"),
        ("en", ""),
        ("zh", "、"),
    ],
)
def test_latin_words_digits_and_signs_have_none(language: str, word: str) -> None:
    assert romanise_words([word], language) == ("",)


def test_mixed_words_and_foreign_digits_are_read() -> None:
    assert romanise_words(["iPhone手机", "١٢٣", "Covid-эра"], "ar") == (
        "iPhoneshouji",
        "123",
        "Covid-era",
    )


def test_japanese_characters_get_the_japanese_reading_of_their_word() -> None:
    # uroman alone says dong and jing.
    assert romanise_words(["東", "京", "へ", "行", "っ", "た"], "ja") == (
        "toukyou",
        "toukyou",
        "he",
        "i",
        "tsu",
        "ta",
    )


def test_japanese_words_of_a_corpus_are_read_as_a_whole() -> None:
    assert romanise_words(["国連事務総長", "は"], "jpn") == ("kokurenjimusouchou", "ha")


def test_without_sudachi_japanese_characters_have_no_reading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = romanise.find_spec
    monkeypatch.setattr(
        romanise, "find_spec", lambda name: None if "sudachi" in name else found(name)
    )
    assert romanise_words(["京", "都", "の"], "ja") == ("", "", "no")


def test_without_uroman_there_are_no_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(romanise, "find_spec", lambda name: None)
    assert romanise_words(["Москва"], "ru") == ("",)


@pytest.mark.parametrize(
    ("language", "text", "reading"),
    [
        ("ja", "国連は東京にある、と。", "kokuren ha toukyou ni aru, to."),
        ("zh", "联合国在纽约。", "lianheguo zai niuyue."),
        ("ar", "القاهرة مدينة.", "alqahra mdyna."),
        ("th", "ไทย", "thai"),
        ("de", "Köln ist alt.", ""),
        ("en", "", ""),
    ],
)
def test_running_text_is_read_word_by_word(language: str, text: str, reading: str) -> None:
    assert romanise_text(text, language) == reading


def test_latin_text_never_loads_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(romanise, "_uroman", lambda: pytest.fail("loaded"))
    assert romanise_words(["Berlin", "ist", "schön", "."], "de") == ("", "", "", "")


def test_who_does_not_wait_gets_readings_later(monkeypatch: pytest.MonkeyPatch) -> None:
    started = threading.Event()
    monkeypatch.setattr(romanise, "_loaded", [])
    monkeypatch.setattr(romanise, "_threads", [])
    monkeypatch.setattr(romanise, "_uroman", started.set)
    assert romanise_words(["Москва"], "ru", wait=False) == ("",)
    assert started.wait(timeout=10)
    romanise.warm_up()
    assert len(romanise._threads) == 1


def test_many_threads_load_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Slow] = []

    class Slow:
        def __init__(self) -> None:
            time.sleep(0.05)
            made.append(self)

        def romanize_string(self, word: str, lcode: str) -> str:
            return f"{lcode}-{ord(word)}"

    monkeypatch.setattr(romanise, "_loaded", [])
    monkeypatch.setattr(uroman, "Uroman", Slow)
    answers: list[tuple[str, ...]] = []
    threads = [
        threading.Thread(target=lambda: answers.append(romanise_words(["Я"], "ru")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [("rus-1071",)] * 8
    assert len(made) == 1
