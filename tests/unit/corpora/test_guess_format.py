"""Guessing a file's format."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.corpora import FORMATS, guess_format
from core.errors import DataError

ROWS = "Ada\tB-PER\nleft\tO\n\nBo\tB-PER\n"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.conll", ROWS, "conll"),
        ("a.txt", ROWS, "conll"),
        ("a", "# id = 1\nAda B-PER\nleft O\n", "conll"),
        ("a.tsv", ROWS.replace("\tO", "\tO\t-").replace("PER", "PER\tHigh"), "conll(tag_column=1)"),
        ("a.conll", "-DOCSTART- -X- O O\n\nAda N B-NP B-PER\n", "conll2003"),
        ("a.conll", "Ada B-PER\nleft O\n", "conll2002"),
        ("a.tsv", "#tag\tO\n" * 3, "conll"),
        ("a.iob2", ROWS, "conll"),
        ("a.iob2", "# text = Ada\n1\tAda\tB-PER\t-\t-\n", "uner"),
        ("a.conll", ROWS * 9 + "broken\n", "conll"),
        ("a.jsonl", '{"text": "a"}\n\n{"text": "b"}\n', "jsonl"),
        ("a.txt", '{"text": "a"}\n', "jsonl"),
        ("a.jsonl", "", "jsonl"),
        ("a.jsonl", '{"text": "a b", "label": [], "words": ["a", "b"]}\n', "jsonl"),
        ("a.jsonl", '{"text": "a b", "label": [], "words": [[0, 1], [2, 3]]}\n', "doccano"),
        ("a.txt", "[PER Ada] left.\nIt rained.\n", "brackets"),
        ("a.txt", "d1\tAda left.\nd2\tBo left.\n", "brackets"),
        ("a.brackets", "Ada left.\n", "brackets"),
        ("a.txt", "Ada left .\nBo left .\n", "plain"),
        ("a.txt", "Ada left.\nBo left.\n", "plain(tokenised=False)"),
        ("a.txt", "我住在北京。\n", "plain(tokenised=False)"),
        ("a.de", "a \\[PER b]\n", "plain"),
        ("a.txt", "", "plain"),
        ("a.conll", "no tags here\n", "conll"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_content_tells_more_than_the_ending(
    name: str, content: str, expected: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    guess = guess_format(path)
    assert str(guess) == expected
    assert FORMATS.create(guess.name, guess.parameters).extensions


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", "Ada,B-PER\n"), ("a.xml", "<a/>\n"), ("a.txt", "PK\0\0\n"), ("a.json", "[]\n")],
    ids=["csv", "xml", "binary", "json"],
)
def test_what_is_no_corpus_is_refused(name: str, content: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(DataError, match="one of the formats argilla, brackets") as caught:
        guess_format(path)
    assert (caught.value.code, caught.value.path) == ("unknown-format", str(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        guess_format(tmp_path / "none.txt")
    assert caught.value.code == "file-not-found"
