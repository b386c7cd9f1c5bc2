"""CoNLL columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.corpora import FORMATS, BadLines
from core.corpora.conll import Conll
from core.errors import DataError
from core.types import Sentence
from tests.builders import sentence


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file.conll"


def read(path: Path, content: str, **options: object) -> list[Sentence]:
    path.write_text(content, encoding="utf-8", newline="")
    return FORMATS.create("conll", options).read(path, "en")


def show(found: list[Sentence]) -> list[str]:
    """Return each sentence as words with its entities as `label(words)`."""
    return [
        " ".join(one.words)
        + "".join(f" {span.label}({' '.join(one.words_of(span))})" for span in one.spans)
        for one in found
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Ada\tB-PER\nleft\tO\n\nBo\tB-PER\n\n", ["Ada left PER(Ada)", "Bo PER(Bo)"]),
        ("Ada B-PER\nleft  \t O \n . O\n", ["Ada left . PER(Ada)"]),
        ("Ada\tB-PER\r\n\r\nBo\tO\r\n", ["Ada PER(Ada)", "Bo"]),
        ("\n\n\nAda\tO\n\n \t \n\nBo\tO\n\n\n", ["Ada", "Bo"]),
        ("a\u00a0b B-X\n", ["a\u00a0b X(a\u00a0b)"]),
        ("New York\tB-LOC\nis\tO\n", ["New York is LOC(New York)"]),
        ("Ada NNP I-NP I-PER\nRay NNP I-NP I-PER\n", ["Ada Ray PER(Ada Ray)"]),
    ],
    ids=["tabs", "spaces", "crlf", "blank-lines", "no-break-space", "spaced-word", "conll03"],
)
def test_rows_are_read(content: str, expected: list[str], path: Path) -> None:
    assert show(read(path, content)) == expected


def test_document_starts_are_passed_over(path: Path) -> None:
    content = "-DOCSTART- -X- O O\n\nAda N I O\n\n-DOCSTART- O\nBo N I I-PER\n"
    assert show(read(path, content)) == ["Ada", "Bo PER(Bo)"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("#\tO\n1\tO\n", ("#", "1")),
        ("#photo\tO\n", ("#photo",)),
        ("# O\nAda B-PER\n", ("#", "Ada")),
        ("# a comment\nAda\tO\n", ("Ada",)),
        ("# with\ta tab\nAda\tO\n", ("Ada",)),
        ("# two words\nAda B-PER\n", ("Ada",)),
        ("# k = O\nAda N I B-PER\n", ("Ada",)),
    ],
    ids=["tab", "hashtag", "space", "comment", "tab-in-comment", "two", "key-value"],
)
def test_a_hash_is_a_word_or_a_comment(content: str, words: tuple[str, ...], path: Path) -> None:
    assert [one.words for one in read(path, content)] == [words]


@pytest.mark.parametrize(
    "comment", ["# id = a 1", "# sent_id = a 1", "#  id=a 1 ", "# newdoc id = x\n# id = a 1"]
)
def test_a_comment_names_the_sentence(comment: str, path: Path) -> None:
    content = f"{comment}\nAda\tO\n\nBo\tO\n"
    assert [one.id for one in read(path, content)] == ["a 1", ""]


def test_a_named_sentence_may_be_empty_but_a_note_is_none(path: Path) -> None:
    found = read(path, "# made by hand\n\n# id = a\n\n# id = b\nAda\tO\n")
    assert [(one.id, one.words) for one in found] == [("a", ()), ("b", ("Ada",))]


def test_columns_can_be_chosen(path: Path) -> None:
    content = "1\tAda\tB-PER\tHigh\n2\tleft\tO\t-\n"
    assert show(read(path, content, token_column=1, tag_column=2)) == ["Ada left PER(Ada)"]
    assert show(read(path, content, token_column=-3, tag_column=-2)) == ["Ada left PER(Ada)"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a\tI-X\nb\tB-X\nc\tI-X\n", "a b c X(a) X(b c)"),
        ("a\tB-X\nb\tE-X\nc\tS-X\n", "a b c X(a b) X(c)"),
        ("a\tB-X\nb\tL-X\nc\tU-X\n", "a b c X(a b) X(c)"),
        ("a\tO\nb\tI-X\nc\tI-Y\n", "a b c X(b) Y(c)"),
    ],
    ids=["iob1", "bioes", "biluo", "broken"],
)
def test_auto_reads_every_scheme(content: str, expected: str, path: Path) -> None:
    assert show(read(path, content)) == [expected]


@pytest.mark.parametrize(
    ("content", "line", "rule", "options"),
    [
        ("Ada\tO\nleft\n", 2, "2 columns as most rows do, got 1", {}),
        ("a N O\nb N O\nNew York N O\n", 3, "3 columns as most rows do, got 4", {}),
        ("Ada\tO\n\n\n\tO\n", 4, "must not be empty", {}),
        ("Ada\tO\nleft\tPER\n", 2, "O or PREFIX-LABEL", {}),
        ("# id = a\nAda\tO\nleft\t\n", 3, "O or PREFIX-LABEL", {}),
        ("a\tO\nb\tB-X\nc\tI-Y\n", 3, "must follow B-Y", {"scheme": "iob2"}),
        ("a\tO\nb\tS-X\n", 2, "no prefix 'S'", {"scheme": "iob1"}),
        ("a\tB-X\nb\tE-X\nc\tI-X\n", 3, "must follow", {"scheme": "bioes"}),
        ("Ada\tO\n", 1, "must have column 2", {"tag_column": 2}),
        ("Ada\tO\n#\nBo\tO\n", 2, "a comment begins with '# '", {}),
    ],
    ids=["short", "long", "no-word", "no-tag", "empty-tag", "iob2", "iob1", "bioes", "column", "#"],
)
def test_a_malformed_row_is_named(
    content: str, line: int, rule: str, options: dict[str, object], path: Path
) -> None:
    with pytest.raises(DataError, match=rule) as caught:
        read(path, content, **options)
    assert (caught.value.path, caught.value.line) == (str(path), line)
    assert caught.value.code in ("bad-line", "bad-annotation")


def test_a_malformed_row_costs_its_sentence_only(path: Path) -> None:
    content = "a\tO\n\nb\tPER\nc\tO\n\nd\tB-X\n\n\te\tO\n\nf\tO\n"
    path.write_text(content)
    bad = BadLines()
    assert show(Conll().read(path, "en", skip_bad=bad)) == ["a", "d X(d)", "f"]
    assert [(one.position, one.line, one.code) for one in bad.sentences] == [
        (1, 3, "bad-annotation"),
        (3, 8, "bad-line"),
    ]
    assert bad.counts() == {"bad-annotation": 1, "bad-line": 1}
    assert "got 'PER'" in bad.sentences[0].reason


@pytest.mark.parametrize(
    ("scheme", "tags"),
    [("auto", "B-X I-X B-X"), ("iob1", "I-X I-X B-X"), ("bioes", "B-X E-X S-X")],
)
def test_the_scheme_is_written(scheme: str, tags: str, path: Path) -> None:
    form = FORMATS.create("conll", {"scheme": scheme})
    form.write(path, [sentence("a b c", "en", (0, 2, "X"), (2, 3, "X"))])
    assert [line.split("\t")[1] for line in path.read_text().split("\n")[:3]] == tags.split()


def test_what_is_written_is_two_columns(path: Path) -> None:
    Conll(tag_column=3).write(path, [sentence("Ada left", "en", (0, 1, "PER"))])
    assert path.read_text() == "Ada\tB-PER\nleft\tO\n\n"


def test_a_document_start_is_not_written_as_a_word(path: Path) -> None:
    with pytest.raises(DataError, match="must not begin with -DOCSTART-"):
        Conll().write(path, [sentence("-DOCSTART- is here")])


def test_no_spaces_are_put_between_chinese_words(path: Path) -> None:
    path.write_text("北\tB-LOC\n京\tI-LOC\n", encoding="utf-8")
    assert Conll().read(path, "zh")[0].text == "北京"
