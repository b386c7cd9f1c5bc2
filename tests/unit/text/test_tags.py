"""Tag schemes ↔ spans, case by case."""

from __future__ import annotations

import pytest

from core.errors import DataError
from core.text.tags import (
    Scheme,
    detect_scheme,
    spans_from_tags,
    split_tag,
    tag_names,
    tags_from_spans,
)
from core.types import Span
from tests.builders import sentence

PER, LOC = "PER", "LOC"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("O", ("O", "")),
        ("B-PER", ("B", "PER")),
        ("I-creative-work", ("I", "creative-work")),
        ("U-X", ("U", "X")),
    ],
    ids=str,
)
def test_a_tag_splits_at_its_first_dash(tag: str, expected: tuple[str, str]) -> None:
    assert split_tag(tag) == expected


def test_the_tags_of_sentences_are_those_of_their_classes() -> None:
    one = sentence("Ann in New York", "en", (0, 1, PER), (2, 4, LOC))
    assert tag_names([one, sentence("it rains")]) == ("O", "B-LOC", "I-LOC", "B-PER", "I-PER")
    assert tag_names([]) == ("O",)


@pytest.mark.parametrize("tag", ["", "o", "B", "B-", "-PER", "X-PER", "BI-PER", "B_PER", "OO"])
def test_what_is_no_tag_is_refused(tag: str) -> None:
    with pytest.raises(DataError, match="PREFIX-LABEL") as caught:
        split_tag(tag)
    assert caught.value.code == "bad-annotation"


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("", []),
        ("O O", []),
        ("B-PER I-PER O", [Span(0, 2, PER)]),
        ("B-PER B-PER", [Span(0, 1, PER), Span(1, 2, PER)]),
        ("B-PER I-LOC", [Span(0, 1, PER), Span(1, 2, LOC)]),
        ("O I-PER I-PER", [Span(1, 3, PER)]),
        ("I-PER O I-PER", [Span(0, 1, PER), Span(2, 3, PER)]),
        ("O B-LOC", [Span(1, 2, LOC)]),
    ],
    ids=str,
)
def test_iob_is_read_as_the_conll_script_does(tags: str, expected: list[Span]) -> None:
    for scheme in ("iob2", "iob1", "bioes"):
        assert list(spans_from_tags(tags.split(), scheme=scheme)) == expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("S-PER S-PER", [Span(0, 1, PER), Span(1, 2, PER)]),
        ("B-PER I-PER E-PER", [Span(0, 3, PER)]),
        ("B-PER L-PER U-LOC", [Span(0, 2, PER), Span(2, 3, LOC)]),
        ("B-PER E-PER I-PER", [Span(0, 2, PER), Span(2, 3, PER)]),
        ("E-PER", [Span(0, 1, PER)]),
        ("S-PER I-PER", [Span(0, 1, PER), Span(1, 2, PER)]),
    ],
    ids=str,
)
def test_bioes_and_biluo_are_read(tags: str, expected: list[Span]) -> None:
    assert list(spans_from_tags(tags.split(), scheme="bioes")) == expected


@pytest.mark.parametrize(
    ("tags", "scheme"),
    [
        ("O I-PER", "iob2"),
        ("B-PER I-LOC", "iob2"),
        ("I-PER", "bioes"),
        ("S-PER E-PER", "bioes"),
    ],
    ids=str,
)
def test_strict_refuses_a_broken_sequence(tags: str, scheme: Scheme) -> None:
    with pytest.raises(DataError, match=r"must follow .* \(word \d\)"):
        spans_from_tags(tags.split(), scheme=scheme, strict=True)


@pytest.mark.parametrize("scheme", ["iob2", "iob1"])
def test_iob_has_no_single_prefix(scheme: Scheme) -> None:
    with pytest.raises(DataError, match="no prefix 'S'"):
        spans_from_tags(["S-PER"], scheme=scheme)


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("iob2", "B-PER I-PER B-PER O B-LOC"),
        ("iob1", "I-PER I-PER B-PER O I-LOC"),
        ("bioes", "B-PER E-PER S-PER O S-LOC"),
    ],
)
def test_spans_are_written(scheme: Scheme, expected: str) -> None:
    spans = [Span(4, 5, LOC), Span(0, 2, PER), Span(2, 3, PER)]
    assert tags_from_spans(spans, 5, scheme=scheme) == expected.split()


def test_iob1_separates_only_spans_of_one_class() -> None:
    touching = [Span(0, 1, PER), Span(1, 2, LOC)]
    assert tags_from_spans(touching, 2, scheme="iob1") == ["I-PER", "I-LOC"]


@pytest.mark.parametrize(
    "spans", [[Span(0, 2, PER), Span(1, 3, PER)], [Span(2, 4, PER)]], ids=["overlap", "outside"]
)
def test_spans_that_tags_cannot_hold_are_refused(spans: list[Span]) -> None:
    with pytest.raises(DataError, match="disjoint and inside 3 words"):
        tags_from_spans(spans, 3)


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        ([], "iob2"),
        (["O O"], "iob2"),
        (["B-PER I-PER", "B-PER B-PER"], "iob2"),
        (["B-PER I-PER", "O I-PER"], "iob1"),
        (["I-PER B-PER"], "iob1"),
        (["O I-PER", "S-PER"], "bioes"),
        (["B-PER L-PER"], "bioes"),
    ],
    ids=str,
)
def test_the_scheme_is_detected_over_all_sentences(sentences: list[str], expected: str) -> None:
    assert detect_scheme([tags.split() for tags in sentences]) == expected
