"""Universal NER files."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.corpora import BadLines
from core.corpora.uner import Uner
from core.errors import DataError
from core.types import Sentence, Span
from tests.builders import sentence

GOOD = "# newdoc id = n1\n# sent_id = n1-1\n# text = Ada didn't.\n"
ROWS = "1\tAda\tB-PER\t-\tx\n2\tdid\tO\t-\tx\n3\tn't\tO\t-\tx\n4\t.\tO\t-\tx\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file.iob2"


def read(path: Path, content: str) -> list[Sentence]:
    path.write_text(content, encoding="utf-8", newline="")
    return Uner().read(path, "en")


def test_the_text_gives_offsets(path: Path) -> None:
    (found,) = read(path, GOOD + ROWS)
    assert found.text == "Ada didn't."
    assert found.char_offsets == ((0, 3), (4, 7), (7, 10), (10, 11))
    assert (found.spans, found.id, found.line) == ((Span(0, 1, "PER"),), "n1-1", 1)


@pytest.mark.parametrize("text", ["# text = Ada did not.\n", ""], ids=["other-text", "no-text"])
def test_the_text_is_rebuilt_where_it_does_not_fit(text: str, path: Path) -> None:
    assert read(path, text + ROWS)[0].text == "Ada did n't ."


def test_contractions_and_unspoken_words_are_no_words(path: Path) -> None:
    rows = "1-2\tzum\tB-X\t-\t-\n1\tzu\tO\n2\tdem\tO\n2.1\tda\tO\n3\tSee\tB-LOC\n"
    (found,) = read(path, "# text = zum See\n" + rows)
    assert found.words == ("zu", "dem", "See")
    assert found.spans == (Span(2, 3, "LOC"),)


def test_a_hash_can_be_a_word(path: Path) -> None:
    assert read(path, "1\t#\tO\n2\t1\tO\n")[0].words == ("#", "1")


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("2\tb\n", "tab columns"),
        ("2 b O - -\n", "tab columns"),
        ("2\t\tO\n", "must not be empty"),
        ("3\tb\tO\n", "count up from 1, got '3' for 2"),
        ("x\tb\tO\n", "count up from 1"),
        ("2\tb\tPER\n", "O or PREFIX-LABEL"),
    ],
    ids=["short", "spaces", "no-word", "gap", "no-number", "no-tag"],
)
def test_a_malformed_row_costs_its_sentence(row: str, rule: str, path: Path) -> None:
    content = f"1\ta\tO\n{row}\n1\tc\tO\n"
    with pytest.raises(DataError, match=rule) as caught:
        read(path, content)
    assert (caught.value.path, caught.value.line) == (str(path), 2)
    bad = BadLines()
    assert [one.words for one in Uner().read(path, "en", skip_bad=bad)] == [("c",)]
    assert len(bad) == 1


def test_it_is_written_like_the_originals(path: Path) -> None:
    (found,) = read(path, GOOD + ROWS)
    Uner().write(path, [found])
    assert path.read_text() == (GOOD + ROWS + "\n").replace("# newdoc id = n1\n", "").replace(
        "\tx\n", "\t-\n"
    )


def test_words_that_do_not_make_up_the_text_are_refused(path: Path) -> None:
    other = Sentence(("zu", "dem"), "de", "zum", ((0, 1), (1, 3)))
    with pytest.raises(DataError, match="words must make up the text") as caught:
        Uner().write(path, [sentence("fine"), other])
    assert (caught.value.code, caught.value.path) == ("bad-value", str(path))
