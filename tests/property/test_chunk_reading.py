"""A corpus read piece by piece is the corpus read whole, faults and their places included."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.chunks.reading import CorpusFiles, NotInStep, NotNamed, stream_pairs
from core.corpora import FORMATS, BadLines, BadSentence, LineFormat, guess_format
from core.datasets import load_corpus
from core.errors import DataError
from core.types import Sentence, SentencePair
from tests.property.strategies import sentences

LINE_FORMATS = [name for name in FORMATS.names() if hasattr(FORMATS.get(name), "lines")]
MARK = b"\xef\xbb\xbf"
T = TypeVar("T")


@dataclass(frozen=True)
class Case:
    """Two parallel files, and how they are written.

    Attributes:
        rows: a source and a target sentence each.
        spoilt: (side, place) of sentences that are made malformed.
        ending: of lines.
        mark: whether the files begin with a byte order mark.
        blank: blank lines behind the source.
        open_end: whether the last line has no ending.
        links: a line a pair, some malformed or outside; none at all if empty.
        size: bytes of a piece.
    """

    rows: Sequence[tuple[Sentence, Sentence]]
    spoilt: frozenset[tuple[int, int]]
    ending: bytes
    mark: bool
    blank: int
    open_end: bool
    links: Sequence[str]
    size: int


@st.composite
def cases(draw: st.DrawFn, form: LineFormat) -> Case:
    """Names are each sentence's own, or nobody's, or missing and shared here and there."""
    one = sentences().filter(lambda made: _can_hold(form, made))
    count = draw(st.integers(1, 5))
    some = st.lists(st.sampled_from(["", "s0", "1", "2"]), min_size=count, max_size=count)
    names = draw(st.just([""] * count) | st.just([f"s{place}" for place in range(count)]) | some)
    rows = []
    for name in names:
        first, second = (
            replace(draw(one), id=name, language=language) for language in ("en", "de")
        )
        rows.append((first, second))
    places = st.tuples(st.integers(0, 1), st.integers(0, count - 1))
    link = st.sampled_from(["", "0-0", "0p0", "99-0", "x"])
    links = draw(st.just([]) | st.lists(link, min_size=count, max_size=count))
    return Case(
        rows,
        draw(st.just(frozenset()) | st.frozensets(places, max_size=3)),
        draw(st.sampled_from([b"\n", b"\r\n"])),
        draw(st.booleans()),
        draw(st.integers(0, 2)),
        draw(st.booleans()),
        links,
        draw(st.integers(1, 200)),
    )


def _can_hold(form: LineFormat, made: Sentence) -> bool:
    """Tell whether a format holds a sentence, in either language.

    A row that begins with # may be a comment once it is spoilt, and its sentence none.
    """
    try:
        for language in ("en", "de"):
            form.check(replace(made, id="", language=language))
    except DataError:
        return False
    return not any(word.startswith("#") or "\0" in word for word in made.words)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pieces")


def written(folder: Path, form: LineFormat, case: Case) -> CorpusFiles:
    paths = [folder / f"{side}{form.extensions[0]}" for side in ("en", "de")]
    for side, path in enumerate(paths):
        content = b"".join(
            _spoilt(lines, place) if (side, place) in case.spoilt else lines
            for place, lines in enumerate(_lines(form, case, side))
        )
        content += case.ending * (case.blank if side == 0 else 0)
        content = content.removesuffix(case.ending) if case.open_end else content
        path.write_bytes(MARK * case.mark + content)
        guess = guess_format(path)  # of a handful of odd words it may be anything
        assume(isinstance(FORMATS.create(guess.name, guess.parameters), LineFormat))
    if not case.links:
        return CorpusFiles(paths[0], paths[1])
    (folder / "links").write_text("".join(f"{line}\n" for line in case.links))
    return CorpusFiles(paths[0], paths[1], folder / "links")


def _lines(form: LineFormat, case: Case, side: int) -> list[bytes]:
    rows = [form.lines(row[side]) for row in case.rows]
    return [b"".join(line.encode() + case.ending for line in lines) for lines in rows]


def _spoilt(lines: bytes, place: int) -> bytes:
    """Put what is no UTF-8 into a sentence's first line; at its start it may look like a mark."""
    if lines.startswith(b"#") or not place:
        first, ending, rest = lines.partition(b"\n")
        return first.removesuffix(b"\r") + b"\xf3" + (b"\r" * first.endswith(b"\r")) + ending + rest
    return b"\xff\xfe" + lines


def whole(files: CorpusFiles, bad: BadLines | None) -> list[SentencePair]:
    try:
        return load_corpus(
            None,
            source="en",
            target="de",
            skip_bad=bad,
            source_file=files.source,
            target_file=files.target,
            links_file=files.links,
        )
    except DataError as error:
        if error.code == "empty-corpus":  # said of no pair at all, by whoever wants one
            return []
        raise


def streamed(files: CorpusFiles, bad: BadLines | None, size: int) -> list[SentencePair]:
    try:
        return list(stream_pairs(files, "en", "de", skip_bad=bad, size=size))
    except NotNamed:
        if bad is not None:
            bad.sentences.clear()
        return list(stream_pairs(files, "en", "de", numbered=True, skip_bad=bad, size=size))
    except NotInStep:  # a name that comes again, and its sentences' partners are malformed
        if bad is not None:
            bad.sentences.clear()
        return as_streamed(whole(files, bad))


def attempt(action: Callable[[], T]) -> T | DataError:
    """Return what an action gives, or the one error it may raise."""
    try:
        return action()
    except DataError as error:
        return error


def as_streamed(pairs: list[SentencePair]) -> list[SentencePair]:
    """Make pairs like those of a stream, which does not know if the file has any entity."""
    return [replace(pair, has_gold=False) for pair in pairs]


def in_order(bad: BadLines) -> list[BadSentence]:
    return sorted(bad.sentences, key=lambda one: (one.path, one.position))


@pytest.mark.parametrize("name", LINE_FORMATS)
@settings(max_examples=12)
@given(data=st.data())
def test_pieces_give_the_pairs_of_the_whole(folder: Path, name: str, data: st.DataObject) -> None:
    form = FORMATS.create(name)
    assert isinstance(form, LineFormat)
    case = data.draw(cases(form))
    files = written(folder, form, case)
    expected, found = BadLines(), BadLines()
    pairs = attempt(lambda: whole(files, expected))
    again = attempt(lambda: streamed(files, found, case.size))
    if isinstance(pairs, DataError):
        assert isinstance(again, DataError)
        assert again.code == pairs.code
    elif pairs or not isinstance(again, DataError):
        assert again == as_streamed(pairs)
        assert in_order(found) == in_order(expected)
    else:  # an empty corpus is found empty before its sides are compared
        assert again.code == "not-parallel"


@pytest.mark.parametrize("name", LINE_FORMATS)
@settings(max_examples=6)
@given(data=st.data())
def test_the_first_fault_is_told_in_the_same_words_and_place(
    folder: Path, name: str, data: st.DataObject
) -> None:
    form = FORMATS.create(name)
    assert isinstance(form, LineFormat)
    case = data.draw(cases(form))
    side = data.draw(st.integers(0, 1))
    place = data.draw(st.integers(0, len(case.rows) - 1))
    files = written(folder, form, replace(case, spoilt=frozenset({(side, place)}), links=[]))
    expected = attempt(lambda: whole(files, None))
    found = attempt(lambda: streamed(files, None, case.size))
    assert isinstance(expected, DataError)
    assert isinstance(found, DataError)
    assert (found.path, found.line, found.code, found.reason, found.hint) == (
        expected.path,
        expected.line,
        expected.code,
        expected.reason,
        expected.hint,
    )


def test_a_name_that_comes_again_where_both_partners_are_malformed(tmp_path: Path) -> None:
    one, other = Sentence((), "en", "", (), id="1"), Sentence((), "en", "", (), id="s0")
    rows = [(sentence, replace(sentence, language="de")) for sentence in (one, other, one)]
    spoilt = frozenset({(0, 2), (1, 0)})
    case = Case(rows, spoilt, b"\n", mark=False, blank=0, open_end=False, links=[], size=1)
    files = written(tmp_path, FORMATS.create("prodigy"), case)
    expected = whole(files, BadLines())
    assert [pair.id for pair in expected] == ["1", "s0"]
    with pytest.raises(NotInStep):
        list(stream_pairs(files, "en", "de", skip_bad=BadLines(), size=1))
