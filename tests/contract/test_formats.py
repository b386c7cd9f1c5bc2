"""Laws of every corpus format; a new file in core/corpora is tested without a change here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.corpora import FORMATS, BadLines, Format, LineFormat
from core.errors import ConfigError, DataError
from core.text.words import sentence_from_words
from core.types import Sentence, Span
from tests.builders import sentence

NASTY = {
    "plain": sentence("Ada lives in Turin .", "en", (0, 1, "PER"), (3, 4, "LOC")),
    "whole-sentence": sentence("New York", "en", (0, 2, "LOC")),
    "touching": sentence("Paris Lyon Nice", "en", (0, 1, "LOC"), (1, 2, "LOC"), (2, 3, "ORG")),
    "no-entity": sentence("It rained all night .", "en"),
    "right-to-left": sentence("زار علي القاهرة أمس", "ar", (1, 2, "PER"), (2, 3, "LOC")),
    "emoji": sentence("👩‍👩‍👧 in 🇩🇪 Berlin 😂", "en", (0, 1, "PER"), (2, 4, "LOC")),
    "combining": sentence("Ọla\u0301 ńlá ní Èkó", "yo", (0, 1, "PER"), (3, 4, "LOC")),
    "chinese": sentence_from_words("我住在北京", "zh", spans=[Span(3, 5, "LOC")]),
    "brackets": sentence("see [ 1 ] or \\ by [LOC Ada", "en", (7, 8, "PER")),
    "hash": sentence("# id = Ada", "en", (3, 4, "PER")),
    "tag-lookalike": sentence("O B-PER 0-0 Ada", "en", (3, 4, "PER")),
    "quotes": sentence('{ "Ada" } \' & < >', "en", (2, 3, "PER")),
    "label": sentence("Ada Lovelace", "en", (0, 2, "creative-work")),
    "byte-order-mark": sentence("\ufeff Ada", "en", (1, 2, "PER")),
}
THREE = (
    replace(NASTY["plain"], id="s1"),
    replace(sentence("Lisbon is far", "en", (0, 1, "LOC")), id="s2"),
    replace(sentence("Bo left", "en", (0, 1, "PER")), id="s3"),
)


class StoppedError(Exception):
    """Stands for whatever may go wrong while sentences are made."""


NAMES = (
    *("argilla", "brackets", "brat", "conll", "conll2002", "conll2003", "docbin", "doccano"),
    *("inception", "jsonl", "label_studio", "parquet", "plain", "prodigy", "uner"),
)
every_format = pytest.mark.parametrize("name", FORMATS.names())
every_text_format = pytest.mark.parametrize(
    "name", [name for name in FORMATS.names() if not FORMATS.get(name).binary]
)
every_line_format = pytest.mark.parametrize(
    "name", [name for name in FORMATS.names() if hasattr(FORMATS.get(name), "lines")]
)


def kept(found: list[Sentence], form: Format) -> list[tuple[object, ...]]:
    """Return of each sentence what its format promises to keep."""
    return [tuple(_kept(one, form)) for one in found]


def _kept(one: Sentence, form: Format) -> Iterator[object]:
    if "words" in form.keeps:
        yield one.words
    if "text" in form.keeps:
        yield one.text
    if "spans" in form.keeps:
        yield [(one.text_of(span), span.label) for span in one.spans]
    if "spans" in form.keeps and "words" in form.keeps:
        yield one.spans
    if "ids" in form.keeps:
        yield one.id


def test_the_formats_are_these() -> None:
    assert FORMATS.names() == NAMES


@every_format
def test_it_follows_the_protocol(name: str) -> None:
    form = FORMATS.create(name)
    assert isinstance(form, Format)
    assert isinstance(form, LineFormat) == hasattr(form, "lines")
    assert form.extensions
    assert all(extension.startswith(".") for extension in form.extensions)
    assert "words" in form.keeps or "text" in form.keeps


@every_format
@pytest.mark.parametrize("case", NASTY)
def test_what_is_written_is_read_back(name: str, case: str, tmp_path: Path) -> None:
    form, path = FORMATS.create(name), tmp_path / "file"
    original = [replace(NASTY[case], id="s1"), replace(NASTY[case], id="s2")]
    form.write(path, original)
    assert kept(form.read(path, original[0].language), form) == kept(original, form)


@every_format
def test_sentences_without_names_are_read_back(name: str, tmp_path: Path) -> None:
    form, path = FORMATS.create(name), tmp_path / "file"
    original = [NASTY["plain"], NASTY["hash"]]
    form.write(path, original)
    assert kept(form.read(path, "en"), form) == kept(original, form)


@every_format
def test_empty_sentences_keep_their_place(name: str, tmp_path: Path) -> None:
    form, path = FORMATS.create(name), tmp_path / "file"
    original = [sentence(""), NASTY["plain"], sentence(""), sentence("")]
    if "empty" not in form.keeps:
        with pytest.raises(DataError) as caught:
            form.write(path, original)
        assert caught.value.code == "bad-value"
        return
    form.write(path, original)
    assert [len(one.words) for one in form.read(path, "en")] == [0, 5, 0, 0]


@every_format
def test_nothing_written_is_nothing_read(name: str, tmp_path: Path) -> None:
    form, path = FORMATS.create(name), tmp_path / "file"
    form.write(path, [])
    if isinstance(form, LineFormat):
        assert path.read_bytes() == b""
    assert form.read(path, "en") == []


@every_text_format
@pytest.mark.parametrize(
    ("old", "new"),
    [(b"", b"\xef\xbb\xbf"), (b"\n", b"\r\n")],
    ids=["byte-order-mark", "crlf"],
)
def test_files_of_other_editors_read_the_same(
    name: str, old: bytes, new: bytes, tmp_path: Path
) -> None:
    form, path = FORMATS.create(name), tmp_path / "file"
    form.write(path, THREE)
    expected = form.read(path, "en")
    content = path.read_bytes()
    path.write_bytes(content.replace(old, new) if old else new + content)
    assert form.read(path, "en") == expected


@every_text_format
def test_files_are_utf8_with_line_feeds(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    FORMATS.create(name).write(path, [NASTY["chinese"]])
    content = path.read_bytes()
    assert "北".encode() in content
    assert b"\r" not in content
    assert content.endswith(b"\n")


@every_line_format
def test_sentences_know_their_line(name: str, tmp_path: Path) -> None:
    form, path = FORMATS.create(name), tmp_path / "file"
    assert isinstance(form, LineFormat)
    form.write(path, THREE)
    lengths = [len(form.lines(one)) for one in THREE]
    head = path.read_bytes().count(b"\n") - sum(lengths)  # what a format writes before all of them
    first = head + 1
    expected = [first, first + lengths[0], first + lengths[0] + lengths[1]]
    assert [one.line for one in form.read(path, "en")] == expected


def spoil(form: Format, path: Path) -> int:
    """Write three sentences, make the second no UTF-8, and return the line that is."""
    form.write(path, THREE)
    content = path.read_bytes().replace(b"Lisbon", b"Lisb\xf3n")
    path.write_bytes(content)
    return content[: content.index(b"\xf3")].count(b"\n") + 1


@every_text_format
def test_a_fault_is_named_with_path_and_line(name: str, tmp_path: Path) -> None:
    form, path = FORMATS.create(name), tmp_path / "file"
    line = spoil(form, path)
    with pytest.raises(DataError, match="must be UTF-8") as caught:
        form.read(path, "en")
    assert (caught.value.code, caught.value.path) == ("not-utf8", str(path))
    assert caught.value.line == line


@every_text_format
def test_a_fault_costs_one_sentence(name: str, tmp_path: Path) -> None:
    form, path, bad = FORMATS.create(name), tmp_path / "file", BadLines()
    spoil(form, path)
    found = form.read(path, "en", skip_bad=bad)
    assert kept(found, form) == kept([THREE[0], THREE[2]], form)
    assert [(one.position, one.code, one.path) for one in bad.sentences] == [
        (1, "not-utf8", str(path))
    ]
    assert bad.sentences[0].lines or b"\xf3" in bad.sentences[0].raw


@every_text_format
def test_utf16_is_refused_as_a_whole(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("Ada\tB-PER\n", encoding="utf-16")
    with pytest.raises(DataError, match="got UTF-16"):
        FORMATS.create(name).read(path, "en", skip_bad=BadLines())


@every_format
def test_a_missing_file_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        FORMATS.create(name).read(tmp_path / "none", "en")
    assert (caught.value.code, caught.value.path) == ("file-not-found", str(tmp_path / "none"))


@every_format
def test_a_failed_write_changes_nothing(name: str, tmp_path: Path) -> None:
    def failing() -> Iterator[Sentence]:
        yield THREE[1]
        raise StoppedError

    form, path = FORMATS.create(name), tmp_path / "file"
    form.write(path, THREE)
    before = path.read_bytes()
    with pytest.raises(StoppedError):
        form.write(path, failing())
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@every_format
def test_a_folder_cannot_be_written(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        FORMATS.create(name).write(tmp_path, THREE)
    assert caught.value.code == "file-not-writable"


@every_format
def test_half_a_surrogate_pair_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        FORMATS.create(name).write(tmp_path / "file", [sentence("a \ud800 b", "zh")])
    assert caught.value.code == "bad-value"
    assert list(tmp_path.iterdir()) == []


@every_format
def test_a_sentence_is_refused_before_the_file_is_written(name: str, tmp_path: Path) -> None:
    """`check` says of one sentence what `write` would say of the file."""
    form = FORMATS.create(name)
    for words in (["a b"], [""], ["a\nb"], []):
        case = sentence_from_words(words, "en", spans=[Span(0, 1, "PER")] if words else [])
        refused = attempt(lambda case=case: form.check(case))
        written = attempt(lambda case=case: form.write(tmp_path / "file", [case]))
        assert refused == written, case


def attempt(action: Callable[[], object]) -> str:
    """Return the code of the error, or an empty text."""
    try:
        action()
    except DataError as error:
        return error.code
    return ""


@pytest.mark.parametrize("name", [name for name in FORMATS.names() if FORMATS.get(name).binary])
@pytest.mark.parametrize(
    "content", [b"", b"PK\3\4", b"PAR1", b"x\x9c", b"<x", b"\0" * 99, b"T1 x\n"]
)
def test_what_is_no_such_file_is_refused_with_its_name(
    name: str, content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "file.zip"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        FORMATS.create(name).read(path, "en", skip_bad=BadLines())
    assert caught.value.path == str(path)


@every_format
def test_what_it_cannot_hold_it_refuses(name: str, tmp_path: Path) -> None:
    """White space and line breaks inside words, tabs in names: kept or refused, never bent."""
    form, path = FORMATS.create(name), tmp_path / "file"
    words = [["a b", "c"], ["a\u00a0b"], ["a\nb"], ["a\tb"], ["", "b"], ["a\u2028b"], ["a\r"]]
    cases = [sentence_from_words(case, "en", spans=[Span(0, 1, "PER")]) for case in words]
    cases += [replace(THREE[0], id=name) for name in ("a\tb", "a\nb", " a", "a\r")]
    cases += [sentence("Ada", "en", (0, 1, label)) for label in ("a b", "", "Ä", "]")]
    for case in cases:
        refusal: DataError | None = None
        try:
            form.write(path, [case])
        except DataError as error:
            refusal = error
        if refusal is None:
            assert kept(form.read(path, "en"), form) == kept([case], form), case
        else:
            assert refusal.code == "bad-value", case


def test_an_unknown_format_is_a_choice_that_cannot_work() -> None:
    with pytest.raises(ConfigError, match=", ".join(NAMES)):
        FORMATS.create("excel")
