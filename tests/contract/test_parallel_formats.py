"""Laws of every format of parallel text; a new file is tested without a change here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from core.corpora import BadLines
from core.errors import ConfigError, DataError
from core.exchange.parallel import PARALLEL_FORMATS, ParallelFormat, guess_parallel_format
from core.types import Link, Sentence, SentencePair
from tests.builders import sentence

every_format = pytest.mark.parametrize("name", PARALLEL_FORMATS.names())


def of_words(source: str, target: str, links: tuple[Link, ...] = (), **more: str) -> SentencePair:
    """Build a pair in English and German with the links that came in a file."""
    return SentencePair(
        sentence(source, "en"), sentence(target, "de"), links={"file": links}, **more
    )


NASTY = {
    "plain": of_words("Ada left", "Ada ging", (Link(0, 0), Link(1, 1, sure=False))),
    "right-to-left": of_words("زار علي القاهرة", "Ali war in Kairo", (Link(2, 3),)),
    "emoji": of_words("👩‍👩‍👧 in 🇩🇪 😂", "👩‍👩‍👧 in 🇩🇪", (Link(2, 2),)),
    "combining": of_words("Ọla\u0301 ńlá", "Ola", (Link(0, 0), Link(1, 0))),
    "empty-target": of_words("Ada", ""),
    "both-empty": of_words("", ""),
    "markup": of_words("<b> & \" ' ]]>", "<seg> &amp; -->", (Link(0, 0),)),
    "formula": of_words("=1+1 @x", "-2 +3", (Link(0, 0),)),
    "apostrophes": of_words("'=x 's", "''+1", (Link(1, 0),)),
    "separators": of_words('a,b;c "d"', "x;y,z", (Link(0, 0),)),
    "no-links": of_words("Ada", "Ada"),
}
THREE = [
    replace(NASTY["plain"], id="s1"),
    replace(of_words("Lisbon is far", "Lissabon ist weit", (Link(0, 0),)), id="s2"),
    replace(of_words("Bo left", "Bo ging", (Link(0, 0),)), id="s3"),
]


class StoppedError(Exception):
    """Stands for whatever may go wrong while pairs are made."""


def kept_of_pairs(found: Sequence[SentencePair], form: ParallelFormat) -> list[tuple[object, ...]]:
    """Return of each pair what its format promises to keep."""
    return [tuple(_kept(one, form)) for one in found]


def _kept(one: SentencePair, form: ParallelFormat) -> Iterator[object]:
    sides: tuple[Sentence, ...] = (one.source, one.target)
    if "words" in form.keeps:
        yield [side.words for side in sides]
    if "text" in form.keeps:
        yield [side.text for side in sides]
    if "links" in form.keeps:
        yield next(iter(one.links.values()), ())
    if "ids" in form.keeps:
        yield one.id


def test_the_parallel_formats_are_these() -> None:
    assert PARALLEL_FORMATS.names() == ("csv", "pharaoh", "tmx")
    with pytest.raises(ConfigError, match="csv, pharaoh, tmx"):
        PARALLEL_FORMATS.create("excel")


@every_format
def test_it_follows_the_protocol(name: str) -> None:
    form = PARALLEL_FORMATS.create(name)
    assert isinstance(form, ParallelFormat)
    assert form.extensions
    assert "words" in form.keeps or "text" in form.keeps


@every_format
@pytest.mark.parametrize("case", NASTY)
def test_what_is_written_is_read_back(name: str, case: str, tmp_path: Path) -> None:
    form, path = PARALLEL_FORMATS.create(name), tmp_path / "file"
    original = [replace(NASTY[case], id="s1"), replace(NASTY[case], id="s2")]
    form.write(path, original)
    found = form.read(path, "en", "de")
    assert kept_of_pairs(found, form) == kept_of_pairs(original, form)
    assert [one.source.language for one in found] == ["en", "en"]
    assert guess_parallel_format(path).name == name


@every_format
def test_nothing_written_is_nothing_read(name: str, tmp_path: Path) -> None:
    form, path = PARALLEL_FORMATS.create(name), tmp_path / "file"
    form.write(path, [])
    assert form.read(path, "en", "de") == []


@every_format
def test_a_failed_write_changes_nothing(name: str, tmp_path: Path) -> None:
    def failing() -> Iterator[SentencePair]:
        yield THREE[1]
        raise StoppedError

    form, path = PARALLEL_FORMATS.create(name), tmp_path / "file"
    form.write(path, THREE)
    before = path.read_bytes()
    with pytest.raises(StoppedError):
        form.write(path, failing())
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@every_format
def test_a_missing_file_and_a_folder_are_named(name: str, tmp_path: Path) -> None:
    form = PARALLEL_FORMATS.create(name)
    with pytest.raises(DataError) as caught:
        form.read(tmp_path / "none", "en", "de")
    assert (caught.value.code, caught.value.path) == ("file-not-found", str(tmp_path / "none"))
    with pytest.raises(DataError) as caught:
        form.write(tmp_path, THREE)
    assert caught.value.code == "file-not-writable"


@every_format
@pytest.mark.parametrize("text", ["a \ud800 b", "a\0b", "a\nb", "a\rb", " a ", "a\tb", "a\u2028b"])
def test_texts_are_kept_or_refused(name: str, text: str, tmp_path: Path) -> None:
    form, path = PARALLEL_FORMATS.create(name), tmp_path / "file"
    source = Sentence((text,), "en", text, ((0, len(text)),))
    case = SentencePair(source, sentence("b", "de"), id=text)
    try:
        form.write(path, [case])
    except DataError as error:
        assert error.code == "bad-value"  # noqa: PT017 - kept or refused, both are right
        return
    assert kept_of_pairs(form.read(path, "en", "de"), form) == kept_of_pairs([case], form)


@pytest.mark.parametrize("name", ["csv"])
def test_a_fault_costs_one_pair(name: str, tmp_path: Path) -> None:
    form, path, bad = PARALLEL_FORMATS.create(name), tmp_path / "file", BadLines()
    form.write(path, THREE)
    path.write_bytes(path.read_bytes().replace(b"Lisbon", b"Lisb\xf3n"))
    with pytest.raises(DataError, match="must be UTF-8") as caught:
        form.read(path, "en", "de")
    assert (caught.value.code, caught.value.line) == ("not-utf8", 3)
    found = form.read(path, "en", "de", skip_bad=bad)
    assert [one.id for one in found] == ["s1", "s3"]
    assert [(one.position, one.line) for one in bad.sentences] == [(1, 3)]
