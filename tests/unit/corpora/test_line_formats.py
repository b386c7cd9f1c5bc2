"""Brackets and plain text: one sentence a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.corpora import BadLines
from core.corpora.brackets import Brackets
from core.corpora.plain import Plain
from core.errors import DataError
from core.types import Sentence, Span
from tests.builders import sentence


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file.txt"


def test_a_name_may_stand_before_a_tab(path: Path) -> None:
    path.write_text("d1\t[PER Ada] left.\n[PER Bo] too.\n\td3 is text.\n")
    found = Brackets().read(path, "en")
    assert [one.id for one in found] == ["d1", "", ""]
    assert [one.text for one in found] == ["Ada left.", "Bo too.", "d3 is text."]
    assert [one.line for one in found] == [1, 2, 3]


def test_every_line_is_a_sentence_also_an_empty_one(path: Path) -> None:
    path.write_text("a\n\nb\n\n")
    for reader in (Brackets(), Plain()):
        assert [len(one.words) for one in reader.read(path, "en")] == [1, 0, 1, 0]


@pytest.mark.parametrize(
    ("line", "rule"),
    [("x\t[PER Ada", "must be closed"), ("[LOC Lon]don", "word border")],
    ids=["open", "inside-word"],
)
def test_a_malformed_line_costs_one_sentence(line: str, rule: str, path: Path) -> None:
    path.write_text(f"a\n{line}\nb\n")
    with pytest.raises(DataError, match=rule) as caught:
        Brackets().read(path, "en")
    assert (caught.value.path, caught.value.line) == (str(path), 2)
    bad = BadLines()
    assert [one.text for one in Brackets().read(path, "en", skip_bad=bad)] == ["a", "b"]
    assert bad.sentences[0].position == 1


def test_brackets_are_written_with_names(path: Path) -> None:
    named = Sentence(("Ada",), "en", "Ada", ((0, 3),), (Span(0, 1, "PER"),), id="d1")
    tabbed = Sentence(("a", "b"), "en", "a\tb", ((0, 1), (2, 3)))
    Brackets().write(path, [named, sentence("[ 1"), tabbed])
    assert path.read_text() == "d1\t[PER Ada]\n\\[ 1\n\ta\tb\n"


def test_an_entity_inside_a_word_of_the_text_is_refused(path: Path) -> None:
    glued = Sentence(("Ada", "s"), "en", "Adas", ((0, 3), (3, 4)), (Span(0, 1, "PER"),))
    with pytest.raises(DataError, match="word border") as caught:
        Brackets().write(path, [glued])
    assert (caught.value.code, caught.value.path) == ("bad-value", str(path))


def test_a_label_the_notation_cannot_say_is_refused(path: Path) -> None:
    with pytest.raises(DataError):
        Brackets().write(path, [sentence("Ada", "en", (0, 1, "2nd"))])


def test_plain_words_keep_their_place_in_the_line(path: Path) -> None:
    path.write_text(" Ada  left\u00a0.\n", encoding="utf-8")
    (found,) = Plain().read(path, "en")
    assert found.words == ("Ada", "left", ".")
    assert (found.text, found.char_offsets) == (" Ada  left\u00a0.", ((1, 4), (6, 10), (11, 12)))


def test_running_text_is_split_and_written_as_it_was(path: Path) -> None:
    path.write_text("Ada left, [sic].\n")
    running = Plain(tokenised=False)
    (found,) = running.read(path, "en")
    assert found.words == ("Ada", "left", ",", "[", "sic", "]", ".")
    running.write(path, [found])
    assert path.read_text() == "Ada left, [sic].\n"
    Plain().write(path, [found])
    assert path.read_text() == "Ada left , [ sic ] .\n"


@pytest.mark.parametrize("text", ["a\nb", "a\r"], ids=["line-feed", "carriage-return"])
def test_running_text_over_lines_is_refused(text: str, path: Path) -> None:
    broken = Sentence((), "en", text, ())
    with pytest.raises(DataError, match="must be one line"):
        Plain(tokenised=False).write(path, [broken])
