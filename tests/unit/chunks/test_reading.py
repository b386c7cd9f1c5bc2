"""Two files side by side: what is a pair, what is an error, and what has to be read whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from core.chunks.reading import CorpusFiles, NotInStep, NotNamed, stream_pairs
from core.corpora import FORMATS, BadLines
from core.errors import DataError
from core.types import Link, Sentence, SentencePair
from tests.builders import sentence


@dataclass(frozen=True)
class Written:
    """Files made for a test."""

    folder: Path

    def __call__(
        self, source: str | None, target: str | None, links: str | None = None
    ) -> CorpusFiles:
        texts = {"en.txt": source, "de.txt": target, "links": links}
        for name, text in texts.items():
            if text is not None:
                (self.folder / name).write_text(text, encoding="utf-8")
        paths = [None if text is None else self.folder / name for name, text in texts.items()]
        return CorpusFiles(*paths)

    def by(self, form: str, source: list[Sentence], target: list[Sentence]) -> CorpusFiles:
        for name, sentences in (("en", source), ("de", target)):
            FORMATS.create(form).write(self.folder / name, sentences)
        return CorpusFiles(self.folder / "en", self.folder / "de")


@pytest.fixture
def files(tmp_path: Path) -> Written:
    return Written(tmp_path)


def read(files: CorpusFiles, bad: BadLines | None = None, size: int = 1) -> list[SentencePair]:
    return list(stream_pairs(files, "en", "de", skip_bad=bad, size=size))


def named(*names: str, language: str = "en") -> list[Sentence]:
    return [replace(sentence("Ada saw", language, (0, 1, "PER")), id=name) for name in names]


def test_sentences_in_the_same_place_are_a_pair(files: Written) -> None:
    first, second = read(files("[PER Ada] left\nBo came\n", "Ada ging\nBo kam\n"))
    assert (first.source.words, first.target.words) == (("Ada", "left"), ("Ada", "ging"))
    assert (first.id, second.id) == ("1", "2")
    assert (second.source.line, second.target.line) == (2, 2)
    assert (first.source.language, first.target.language) == ("en", "de")
    assert not first.has_gold


def test_a_name_that_both_sides_have_is_the_pair_s(files: Written) -> None:
    pairs = read(files.by("jsonl", named("a", "1", "c"), named("a", "1", "c", language="de")))
    assert [pair.id for pair in pairs] == ["a", "1", "c"]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (("a", "a", "a"), ("a", "a", "a")),
        (("2", "", "x"), ("2", "", "x")),
        (("a", "b", "c"), ("a", "b", "")),
        (("a", "b", "a"), ("a", "b", "a")),
        (("3", "2", "3"), ("3", "2", "3")),
    ],
)
def test_names_that_are_not_every_sentence_s_own_number_the_pairs(
    files: Written, source: tuple[str, ...], target: tuple[str, ...]
) -> None:
    given = files.by("jsonl", named(*source), named(*target, language="de"))
    with pytest.raises(NotNamed):
        read(given)
    pairs = list(stream_pairs(given, "en", "de", numbered=True, size=1))
    assert [pair.id for pair in pairs] == ["1", "2", "3"]
    assert [(pair.source.id, pair.target.id) for pair in pairs] == list(
        zip(source, target, strict=True)
    )


def test_where_the_first_sentence_has_no_name_the_pairs_are_numbered_at_once(
    files: Written,
) -> None:
    pairs = read(files.by("jsonl", named("", "1", "1"), named("x", "1", "1", language="de")))
    assert [pair.id for pair in pairs] == ["1", "2", "3"]


def test_names_of_one_side_alone_are_its_own_too(files: Written) -> None:
    FORMATS.create("jsonl").write(files.folder / "en", named("a", "a"))
    FORMATS.create("jsonl").write(files.folder / "de", named("a", "a", language="de"))
    for alone in (CorpusFiles(files.folder / "en", None), CorpusFiles(None, files.folder / "de")):
        with pytest.raises(NotNamed):
            read(alone)
    FORMATS.create("jsonl").write(files.folder / "de", named("a", "b", language="de"))
    assert [pair.id for pair in read(alone)] == ["a", "b"]


def test_other_names_in_the_same_place_are_no_pair(files: Written) -> None:
    swapped = files.by("jsonl", named("a", "b"), named("b", "a", language="de"))
    with pytest.raises(NotInStep):
        read(swapped)


def test_the_columns_are_those_of_the_whole_file(tmp_path: Path) -> None:
    rows = "Ada\tB-PER\nleft\tO\n\n" * 20
    paths = [tmp_path / "en.conll", tmp_path / "de.conll"]
    for path in paths:
        path.write_text(f"{rows}New\tYork\tB-LOC\n")
    with pytest.raises(DataError, match="2 columns as most rows do, got 3") as raised:
        read(CorpusFiles(*paths), size=40)
    assert raised.value.line == 61
    for path in paths:
        path.write_text("Ada NNP B-PER\n\n" * 20 + "# SYM O\n")
    assert [one.source.words for one in read(CorpusFiles(*paths), size=40)][-1] == ("#",)


@pytest.mark.parametrize("form", ["parquet", "argilla", "label_studio"])
def test_a_format_without_lines_has_to_be_read_whole(files: Written, form: str) -> None:
    with pytest.raises(NotInStep):
        read(files.by(form, named("a"), named("a", language="de")))


def test_what_is_no_corpus_is_left_to_whoever_reads_it_whole(files: Written) -> None:
    good = files("a\n", "b\n")
    (files.folder / "en.txt").write_text("a\n", encoding="utf-16")
    with pytest.raises(NotInStep):
        read(good)


def test_one_side_alone_waits_for_the_other(files: Written) -> None:
    (pair,) = read(files("[PER Ada] left\n", None))
    assert (pair.target.words, pair.target.language, pair.source_labelled) == ((), "de", True)
    (pair,) = read(files(None, "Ada ging\n"))
    assert (pair.source.words, pair.source.language, pair.source_labelled) == ((), "en", False)
    assert pair.target.words == ("Ada", "ging")


@pytest.mark.parametrize(
    ("source", "target", "longer", "line"),
    [("a b\n" * 3, "c\n" * 2, "en.txt", 3), ("a b\n", "c\nd\n", "de.txt", 2)],
)
def test_a_sentence_without_partner_is_named(
    files: Written, source: str, target: str, longer: str, line: int
) -> None:
    with pytest.raises(DataError, match=f"first without a partner is sentence {line}") as caught:
        read(files(source, target))
    assert (caught.value.code, caught.value.line) == ("not-parallel", line)
    assert caught.value.path == str(files.folder / longer)


def test_empty_lines_at_the_end_are_no_sentences(files: Written) -> None:
    assert len(read(files("a b\n\n\n", "c\n"))) == 1
    assert len(read(files("a b\n", "c\n\n"))) == 1


def test_links_belong_to_the_pair_in_their_line(files: Written) -> None:
    first, second = read(files("a b\nc\n", "d\ne f\n", "1-0\n0p1\n"))
    assert first.links == {"file": (Link(1, 0),)}
    assert second.links == {"file": (Link(0, 1, sure=False),)}


@pytest.mark.parametrize(
    ("links", "code", "line"),
    [
        ("0-0\n", "not-parallel", None),
        ("0-0\n0-0\n0-0\n", "not-parallel", 3),
        ("0-0\nx\n", "bad-line", 2),
        ("0-0\n0-7\n", "bad-line", 2),
    ],
    ids=["too few", "too many", "malformed", "outside"],
)
def test_links_that_do_not_fit_are_named(
    files: Written, links: str, code: str, line: int | None
) -> None:
    with pytest.raises(DataError) as caught:
        read(files("a b\nc\n", "d\ne f\n", links))
    assert (caught.value.code, caught.value.line) == (code, line)
    assert caught.value.path == str(files.folder / "links")


def test_a_fault_takes_its_pair_and_nothing_else(files: Written) -> None:
    bad = BadLines()
    source = "a b\n[PER Ada\nc d\ne f\ng h\n"
    found = read(files(source, "a\nb\nc\nd\ne\n", "0-0\n0-0\nx\n9-9\n1-0\n"), bad)
    assert [pair.id for pair in found] == ["1", "5"]
    assert found[1].links == {"file": (Link(1, 0),)}
    told = {(Path(one.path).name, one.line, one.position) for one in bad.sentences}
    assert told == {("en.txt", 2, 1), ("links", 3, 2), ("links", 4, 3)}


def test_a_fault_is_named_in_the_user_s_file_and_line(files: Written) -> None:
    with pytest.raises(DataError) as caught:
        read(files("a b\nc d\n[PER Ada\n", "a\nb\nc\n"))
    assert (caught.value.path, caught.value.line) == (str(files.folder / "en.txt"), 3)


def test_a_missing_file_is_named(files: Written) -> None:
    given = files("a\n", "b\n")
    with pytest.raises(DataError) as caught:
        read(replace(given, target=files.folder / "none"))
    assert (caught.value.code, caught.value.path) == (
        "file-not-found",
        str(files.folder / "none"),
    )


def test_no_more_of_a_file_is_read_than_is_asked_for(files: Written) -> None:
    pairs = stream_pairs(files("a b\n[PER Ada\n", "a\nb\n"), "en", "de", size=1)
    assert next(pairs).id == "1"  # the fault stands in the next piece
    with pytest.raises(DataError):
        next(pairs)
