"""Joining two sides: nothing shifts, and the first difference is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.corpora import BadLines
from core.corpora.brackets import Brackets
from core.datasets._joining import join_sides
from core.datasets._sides import LinkSide, Side, read_link_side, read_side
from core.errors import DataError
from core.types import Link, Sentence, SentencePair
from tests.builders import sentence


def side(words: str, path: str = "file") -> Side:
    """Make a side of `name:word` items; `-` is set aside, `_` is empty."""
    sentences = [_one(item, line) for line, item in enumerate(words.split(), start=1)]
    return Side(Path(path), tuple(sentences))


def _one(item: str, line: int) -> Sentence | None:
    name, colon, word = item.rpartition(":")
    if word == "-":
        return None
    made = sentence("" if word == "_" else word)
    return replace(made, id=name if colon else "", line=line)


def show(pairs: list[SentencePair]) -> list[str]:
    return [f"{pair.id}={pair.source.text}/{pair.target.text}" for pair in pairs]


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("a b", "A B", ["1=a/A", "2=b/B"]),
        ("a - c", "A B C", ["1=a/A", "3=c/C"]),
        ("a b c", "- B -", ["2=b/B"]),
        ("a - c", "A B -", ["1=a/A"]),
        ("a _ c", "A B C", ["1=a/A", "2=/B", "3=c/C"]),
        ("a b _ _", "A B", ["1=a/A", "2=b/B"]),
        ("a b", "A B _", ["1=a/A", "2=b/B"]),
        ("x:a y:b", "A B", ["1=a/A", "2=b/B"]),
        ("x:a x:b", "x:A x:B", ["1=a/A", "2=b/B"]),
    ],
    ids=[
        "plain",
        "source-bad",
        "target-bad",
        "both-bad",
        "empty",
        "tail",
        "tail2",
        "half",
        "twins",
    ],
)
def test_lines_are_joined_in_place(source: str, target: str, expected: list[str]) -> None:
    assert show(join_sides(side(source), side(target))) == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("x:a y:b", "x:A y:B", ["x=a/A", "y=b/B"]),
        ("x:a y:b", "y:B x:A", ["x=a/A", "y=b/B"]),
        ("x:a - z:c", "z:C y:B x:A", ["x=a/A", "z=c/C"]),
        ("x:a y:b", "- y:B", ["y=b/B"]),
    ],
    ids=["in-order", "reordered", "source-bad", "target-bad"],
)
def test_names_join_wherever_they_stand(source: str, target: str, expected: list[str]) -> None:
    assert show(join_sides(side(source), side(target))) == expected


def test_line_can_be_chosen_over_names() -> None:
    pairs = join_sides(side("x:a y:b"), side("y:B x:A"), by="line", name="mine")
    assert show(pairs) == ["mine:1=a/B", "mine:2=b/A"]


@pytest.mark.parametrize(
    ("source", "target", "rule", "path", "line"),
    [
        ("a b c", "A B", "got 3 and 2; the first without a partner is sentence 3", "s", 3),
        ("a", "A B C", "got 1 and 3; the first without a partner is sentence 2", "t", 2),
        ("a b -", "A B", "the first without a partner is sentence 3", "s", None),
        ("x:a y:b", "x:A z:B", "got 1 without a partner; the first is 'y'", "s", 2),
        ("x:a", "x:A z:B w:C", "got 2 without a partner; the first is 'z'", "t", 2),
        ("x:a - w:c", "y:A z:B w:C", "the first is 'x'", "s", 1),
        ("x:a -", "y:A z:B", "the first is 'x'", "s", 1),
    ],
    ids=["target-short", "source-short", "bad-tail", "names", "more-names", "lost", "lost2"],
)
def test_sides_that_are_not_parallel_are_refused(
    source: str, target: str, rule: str, path: str, line: int | None
) -> None:
    with pytest.raises(DataError, match=rule) as caught:
        join_sides(side(source, "s"), side(target, "t"))
    found = caught.value
    assert (found.code, found.path, found.line) == ("not-parallel", path, line)


@pytest.mark.parametrize("source", ["x:a b", "x:a x:b"], ids=["nameless", "twice"])
def test_joining_by_name_needs_names(source: str) -> None:
    with pytest.raises(DataError, match="a name of its own") as caught:
        join_sides(side(source), side("x:A y:B"), by="id")
    assert (caught.value.line, caught.value.hint) == (2, "join by line")


def links(*lines: str) -> dict[str, LinkSide]:
    ends = [[item.split("-") for item in line.split()] for line in lines]
    made = [tuple(Link(int(a), int(b)) for a, b in line) for line in ends]
    return {"given": LinkSide(Path("links"), tuple(made))}


def test_links_follow_their_sentences() -> None:
    pairs = join_sides(side("a - c"), side("A B C"), links=links("0-0", "5-5", ""))
    assert [pair.links for pair in pairs] == [{"given": (Link(0, 0),)}, {"given": ()}]


@pytest.mark.parametrize("lines", [("0-0",), ("0-0", "", "0-0")], ids=["few", "many"])
def test_links_must_be_as_many(lines: tuple[str, ...]) -> None:
    with pytest.raises(DataError, match="one line of links for each of the 2") as caught:
        join_sides(side("a b"), side("A B"), links=links(*lines))
    assert (caught.value.code, caught.value.path) == ("not-parallel", "links")


@pytest.mark.parametrize("outside", ["1-0", "0-1"])
def test_links_must_lie_inside(outside: str) -> None:
    given = links("0-0", f"0-0 {outside}")
    with pytest.raises(DataError, match=f"got {outside}") as caught:
        join_sides(side("a b"), side("A B"), links=given)
    assert (caught.value.path, caught.value.line) == ("links", 2)
    bad = BadLines()
    assert show(join_sides(side("a b"), side("A B"), links=given, skip_bad=bad)) == ["1=a/A"]
    assert [(one.path, one.line, one.position) for one in bad.sentences] == [("links", 2, 1)]


def test_malformed_links_cost_their_pair(tmp_path: Path) -> None:
    path, bad = tmp_path / "links", BadLines()
    path.write_text("0-0\nx\n0-0\n")
    with pytest.raises(DataError, match="a link must be") as caught:
        read_link_side(path)
    assert caught.value.line == 2
    given = {"given": read_link_side(path, skip_bad=bad)}
    assert show(join_sides(side("a b c"), side("A B C"), links=given)) == ["1=a/A", "3=c/C"]
    assert len(bad) == 1


def test_malformed_sentences_keep_their_places(tmp_path: Path) -> None:
    path, bad = tmp_path / "file", BadLines()
    path.write_text("]\na\n]\n]\nb\n]\n")
    found = read_side(Brackets(), path, "en", skip_bad=bad)
    texts = [one and one.text for one in found.sentences]
    assert texts == [None, "a", None, None, "b", None]
    assert [one.position for one in bad.sentences] == [0, 2, 3, 5]
    assert found.set_aside == 4


def test_an_empty_file_is_no_corpus(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("")
    with pytest.raises(DataError) as caught:
        read_side(Brackets(), path, "en", skip_bad=None)
    assert (caught.value.code, caught.value.path) == ("empty-corpus", str(path))
