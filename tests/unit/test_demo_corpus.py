"""The demo corpus keeps the promises of its data card, span by span."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from core.text.brackets import parse_brackets, to_brackets
from core.text.words import split_words
from core.types import Sentence

DEMO = Path(__file__).parents[2] / "assets" / "demo"
LANGUAGES = ("en", "de", "es", "fr", "pt", "ru", "ar", "zh", "hi", "tr", "sw", "yo", "ja")
IDS = tuple(f"d{number:02d}" for number in range(1, 61))
LABELS = {"PER", "LOC", "ORG"}
NON_LATIN = {"ru": "CYRILLIC", "ar": "ARABIC", "zh": "CJK", "hi": "DEVANAGARI", "ja": "KATAKANA"}
EMOJI = re.compile("[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff]")
QUOTES = re.compile("[“„«「]")

every_language = pytest.mark.parametrize("language", LANGUAGES)


@cache
def rows(language: str) -> tuple[tuple[str, str], ...]:
    lines = (DEMO / f"{language}.txt").read_bytes().decode("utf-8").split("\n")
    assert lines.pop() == "", "the file must end with one line feed"
    pairs = [tuple(line.split("\t")) for line in lines]
    assert all(len(pair) == 2 for pair in pairs)
    return tuple((pair[0], pair[1]) for pair in pairs)


@cache
def sentences(language: str) -> dict[str, Sentence]:
    return {name: parse_brackets(marked, language) for name, marked in rows(language)}


@cache
def groups() -> dict[str, dict[str, str]]:
    with (DEMO / "groups.tsv").open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, lineterminator="\n")
        assert table.fieldnames == ["id", "phenomena", "note"]
        return {row["id"]: row for row in table}


def phenomena(name: str) -> list[str]:
    return groups()[name]["phenomena"].split(",")


@cache
def card() -> str:
    return (DEMO / "README.md").read_text(encoding="utf-8")


@cache
def vocabulary() -> dict[str, int]:
    """Return the card's phenomena with their stated counts."""
    return {
        match[1]: int(match[2]) for match in re.finditer(r"(?m)^\| `(\w{3,})` \| (\d+) \|", card())
    }


def classes(sentence: Sentence) -> Counter[str]:
    return Counter(span.label for span in sentence.spans)


# --- form -----------------------------------------------------------------------------------------


@every_language
def test_ids_are_complete_and_in_order(language: str) -> None:
    assert tuple(name for name, _ in rows(language)) == IDS


@every_language
def test_text_is_nfc_and_has_no_stray_characters(language: str) -> None:
    for name, marked in rows(language):
        assert unicodedata.is_normalized("NFC", marked), name
        assert marked == marked.strip(), name
        assert not re.search(r"\s\s", marked), name
        odd = {
            char
            for char in marked
            if unicodedata.category(char) in {"Cc", "Cn", "Co", "Cs", "Zl", "Zp"}
            or (unicodedata.category(char) == "Cf" and char != "\u200d")
        }
        assert not odd, (name, odd)


@every_language
def test_white_space_is_plain_except_in_typography(language: str) -> None:
    allowed = {"fr": " \u00a0\u202f", "es": " \u00a0", "ru": " \u00a0"}.get(language, " ")
    for name, marked in rows(language):
        assert set(re.findall(r"\s", marked)) <= set(allowed), name


@every_language
def test_orthography_is_normal(language: str) -> None:
    """No tokenised punctuation: a space may stand before a mark only where the language has one."""
    for name, sentence in sentences(language).items():
        assert not re.search(r" [.,;:!?…)\]»”’、。，！？।؟،؛]", sentence.text), name
        assert not re.search(r"[(\[¿¡“„「] ", sentence.text), name
        assert "'" not in sentence.text, name
        assert '"' not in sentence.text, name


@every_language
def test_brackets_are_balanced_and_round_trip(language: str) -> None:
    for name, marked in rows(language):
        assert re.fullmatch(r"(?:[^\[\]\\]|\[(?:PER|LOC|ORG) [^\[\]\\]+\])+", marked), name
        assert marked.count("[") == marked.count("]") == len(sentences(language)[name].spans)
        assert to_brackets(sentences(language)[name]) == marked, name


# --- spans ----------------------------------------------------------------------------------------


@every_language
def test_spans_are_labelled_and_tight(language: str) -> None:
    for name, sentence in sentences(language).items():
        for span in sentence.spans:
            text = sentence.text_of(span)
            assert span.label in LABELS, name
            assert text, name
            assert text == text.strip(), (name, text)
            assert re.search(r"\w", text[0]), (name, text)
            assert re.search(r"[\w.\u0300-\u036f\u0900-\u097f]", text[-1]), (name, text)


@every_language
def test_span_boundaries_are_word_boundaries(language: str) -> None:
    """Checked against the splitter itself, from the marked text, without the bracket parser."""
    for name, marked in rows(language):
        plain, marks, position = "", [], 0
        for match in re.finditer(r"\[[A-Z]+ ([^\]]+)\]", marked):
            plain += marked[position : match.start()]
            marks.append((len(plain), len(plain) + len(match[1])))
            plain += match[1]
            position = match.end()
        plain += marked[position:]
        words = split_words(plain, language)
        starts = {word.char_start for word in words}
        ends = {word.char_end for word in words}
        for start, end in marks:
            assert start in starts, (name, plain[start:end])
            assert end in ends, (name, plain[start:end])


@every_language
def test_articles_and_elisions_stay_outside(language: str) -> None:
    outside = {
        "en": r"(?i)(the|dr\.|mr\.|professor)\s|.*’s$",
        "de": r"(?i)(der|die|das|dr\.)\s",
        "es": r"(?i)(el|la|los|las|dra?\.|sra?\.)\s",
        "fr": r"(?i)(le|la|les)\s|[ld]’",
        "pt": r"(?i)(os?|as?|dra?\.|sra?\.)\s",
    }.get(language)
    for name, sentence in sentences(language).items():
        for span in sentence.spans:
            text = sentence.text_of(span)
            assert outside is None or not re.match(outside, text), (name, text)


# --- languages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "script"), NON_LATIN.items())
def test_script(language: str, script: str) -> None:
    everything = "".join(sentence.text for sentence in sentences(language).values())
    letters = [char for char in everything if char.isalpha()]
    own = sum(unicodedata.name(char).startswith(script) for char in letters)
    assert own / len(letters) > (0.3 if language == "ja" else 0.9)


@pytest.mark.parametrize("language", ["de", "es", "fr", "pt", "tr", "yo"])
def test_diacritics_are_there(language: str) -> None:
    typical = {"de": "äöüß", "es": "áéíóúñ", "fr": "éèêàç", "pt": "ãõáéç", "tr": "ığşçöü"}
    text = "".join(sentence.text for sentence in sentences(language).values()).casefold()
    if language == "yo":
        assert all(char in text for char in "ẹọṣ\u0300\u0301àáéèíìóòúùń")
    else:
        folded = typical[language].casefold()
        assert all(char in text for char in folded)


def test_arabic_is_right_to_left_and_unvowelled() -> None:
    for name, sentence in sentences("ar").items():
        assert any(unicodedata.bidirectional(char) == "AL" for char in sentence.text), name
        assert not re.search("[\u064b-\u0652\u0670]", sentence.text), name
        assert not re.search("[,;?]", sentence.text), name


@pytest.mark.parametrize("language", ["zh", "ja"])
def test_no_space_languages_have_no_spaces(language: str) -> None:
    for name, sentence in sentences(language).items():
        assert not re.search(r"\s", sentence.text), name
        assert not re.search(r"[,;!?()]", sentence.text), name


def test_hindi_ends_with_a_danda() -> None:
    for name, sentence in sentences("hi").items():
        assert re.search(r"[।!?]”?$", sentence.text) or name in {"d21", "d22", "d55"}, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_case_groups(language: str) -> None:
    for name in ("d02", "d21"):
        text = sentences(language)[name].text
        assert text == text.upper(), name
    assert sentences(language)["d22"].text == sentences(language)["d22"].text.lower()


# --- parallel -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", IDS)
def test_classes_agree_across_languages(name: str) -> None:
    counts = {language: classes(sentences(language)[name]) for language in LANGUAGES}
    agree = all(count == counts["en"] for count in counts.values())
    assert agree != ("dropped_entity" in phenomena(name)), counts


@pytest.mark.parametrize("name", IDS)
def test_numbers_survive(name: str) -> None:
    """Years and long numbers are the same in all languages (clock times may differ)."""
    for language in LANGUAGES:
        for year in re.findall(r"\b(?:19|20)\d\d\b", sentences("en")[name].text):
            digits = [
                "".join(str(unicodedata.digit(char)) for char in match)
                for match in re.findall(r"\d+", sentences(language)[name].text)
            ]
            assert year in digits, language


def test_lengths() -> None:
    counts = {name: len(sentence.text.split()) for name, sentence in sentences("en").items()}
    assert sum(6 <= count <= 25 for count in counts.values()) > 45
    assert sum(count <= 4 for count in counts.values()) >= 3
    assert sum(40 <= count <= 60 for count in counts.values()) >= 3
    assert 90 <= counts["d60"] <= 130
    assert all(len(sentences(language)["d60"].spans) >= 10 for language in LANGUAGES)


# --- phenomena ------------------------------------------------------------------------------------


def test_groups_are_complete() -> None:
    assert tuple(groups()) == IDS
    for name, row in groups().items():
        assert len(phenomena(name)) == len(set(phenomena(name))), name
        assert row["note"].endswith("."), name


def test_vocabulary_is_closed_and_every_phenomenon_recurs() -> None:
    counts = Counter(phenomenon for name in IDS for phenomenon in phenomena(name))
    assert set(counts) == set(vocabulary())
    assert min(counts.values()) >= 2


def test_card_states_the_right_counts() -> None:
    counts = Counter(phenomenon for name in IDS for phenomenon in phenomena(name))
    assert vocabulary() == counts
    total = 0
    for language in LANGUAGES:
        found: Counter[str] = Counter()
        for sentence in sentences(language).values():
            found += classes(sentence)
        row = re.search(rf"(?m)^\| `{language}` \|.*$", card())
        assert row is not None
        numbers = [int(cell) for cell in row[0].split("|") if cell.strip().isdigit()]
        assert numbers == [found["PER"], found["LOC"], found["ORG"], found.total()], language
        total += found.total()
    assert f"{total:,} entities" in card()


def _adjacent(sentence: Sentence) -> bool:
    return any(first.end == second.start for first, second in pairwise(sentence.spans))


def _repeated(sentence: Sentence) -> bool:
    names = Counter((sentence.text_of(span), span.label) for span in sentence.spans)
    return any(count > 1 for count in names.values())


def _latin_name(sentence: Sentence) -> bool:
    names = [sentence.text_of(span) for span in sentence.spans]
    return sentence.language in NON_LATIN and any(re.search("[A-Za-z]", name) for name in names)


def _edges(sentence: Sentence) -> bool:
    places = [index for index, word in enumerate(sentence.words) if re.search(r"\w", word)]
    covered = {index for span in sentence.spans for index in range(span.start, span.end)}
    return {places[0], places[-1]} <= covered


def _digits(language: str) -> Callable[[Sentence], bool]:
    return lambda sentence: (
        sentence.language == language and re.search(r"\d", sentence.text) is not None
    )


def _english_words(low: int, high: int) -> Callable[[Sentence], bool]:
    return lambda sentence: sentence.language == "en" and low <= len(sentence.text.split()) <= high


# Marks that are complete: the group has the mark if and only if some language shows it.
COMPLETE: dict[str, Callable[[Sentence], bool]] = {
    "no_entity": lambda sentence: not sentence.spans,
    "short_sentence": _english_words(1, 4),
    "long_sentence": _english_words(40, 1000),
    "sentence_edge": lambda sentence: sentence.language == "en" and _edges(sentence),
    "adjacent_entities": _adjacent,
    "repeated_entity": _repeated,
    "mixed_script": _latin_name,
    "numbers_dates": _digits("en"),
    "rtl_numbers": _digits("ar"),
    "quotation": lambda sentence: QUOTES.search(sentence.text) is not None,
    "emoji": lambda sentence: EMOJI.search(sentence.text) is not None,
}


def _any_name(pattern: str) -> Callable[[Sentence], bool]:
    return lambda sentence: any(
        re.search(pattern, sentence.text_of(span)) for span in sentence.spans
    )


# Marks that are chosen: where the mark is, some language must show it.
CHOSEN: dict[str, Callable[[Sentence], bool]] = {
    "apostrophe": _any_name(r"\w’\w"),
    "hyphen_slash": lambda sentence: re.search(r"\w *[-–/] *\w", sentence.text) is not None,
    "coordination": lambda sentence: len(sentence.spans) >= 3,
    "dotted_abbreviation": lambda sentence: re.search(r"\b\w{1,3}\.", sentence.text) is not None,
    "one_to_many": lambda sentence: any(len(span) > 1 for span in sentence.spans),
    "nested_name": lambda sentence: any(len(span) > 1 for span in sentence.spans),
    "function_word": lambda sentence: any(len(span) > 2 for span in sentence.spans),
    "clitic": lambda sentence: (
        sentence.language == "ar"
        and any(re.match("[وبل]", sentence.text_of(span)) for span in sentence.spans)
    ),
    "acronym": _any_name(r"^[A-ZА-ЯЁ]{2,}"),
}


def shown(name: str, test: Callable[[Sentence], bool]) -> list[str]:
    return [language for language in LANGUAGES if test(sentences(language)[name])]


@pytest.mark.parametrize("phenomenon", COMPLETE)
def test_complete_marks(phenomenon: str) -> None:
    marked = {name for name in IDS if phenomenon in phenomena(name)}
    assert marked == {name for name in IDS if shown(name, COMPLETE[phenomenon])}


@pytest.mark.parametrize("phenomenon", CHOSEN)
def test_chosen_marks(phenomenon: str) -> None:
    marked = [name for name in IDS if phenomenon in phenomena(name)]
    assert [name for name in marked if not shown(name, CHOSEN[phenomenon])] == []


def test_no_entity_groups_are_empty_everywhere() -> None:
    for name in IDS:
        if "no_entity" in phenomena(name):
            assert not any(sentences(language)[name].spans for language in LANGUAGES), name


def test_emoji_are_in_every_language_and_stay_whole() -> None:
    for name in IDS:
        if "emoji" in phenomena(name):
            for language in LANGUAGES:
                words = sentences(language)[name].words
                assert any(EMOJI.search(word) for word in words), (name, language)
                assert not any(
                    word.startswith("\u200d") or word.endswith("\u200d") for word in words
                )


def test_licence_and_limits_are_stated() -> None:
    assert "CC0 1.0" in card()
    assert "not been checked by native speakers" in card()
