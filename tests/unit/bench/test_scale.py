"""Benchmarks of whole-corpus runs: the corpus they repeat, and what they report."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.bench import scale
from core.bench.corpus import many_pairs, write_corpus
from core.commands.bench import _sizes
from core.corpora.jsonl import Jsonl
from core.datasets import load_corpus
from core.errors import ConfigError
from core.methods import method
from core.types import SentencePair


@pytest.fixture(scope="module")
def pairs() -> list[SentencePair]:
    return load_corpus("demo", source="en", target="de")


def test_no_sentence_comes_twice_and_none_loses_its_entities(pairs: list[SentencePair]) -> None:
    found = list(many_pairs(pairs, 3 * len(pairs)))
    long = [one for one in found if len(one.source.words) - len(one.source.spans) > 8]
    assert len({one.source.words for one in long}) > 0.95 * len(long)
    for one in found:
        first = pairs[int(one.id.split(".")[1])]
        assert len(one.target.words) == len(first.target.words)
        for side, before in ((one.source, first.source), (one.target, first.target)):
            assert side.spans == before.spans
            for span in side.spans:
                assert side.words[span.start : span.end] == before.words[span.start : span.end]


def test_the_same_corpus_is_made_each_time(pairs: list[SentencePair], tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
    first, again = (write_corpus(tmp_path / name, pairs, 70) for name in "ab")
    assert first.source.read_bytes() == again.source.read_bytes()
    read = Jsonl().read(first.target, "de")
    assert [one.id for one in read] == [one.id for one in many_pairs(pairs, 70)]


@pytest.mark.encoder
def test_time_and_memory_are_told_for_each_length(
    pairs: list[SentencePair], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scale, "_alone", lambda work: work())
    told: list[tuple[int, int]] = []
    found = scale.bench_scale(pairs, method("default"), [2, 5], lambda *counts: told.append(counts))
    assert [row["pairs"] for row in found["rows"]] == [2, 5]
    assert all(row["ms_per_pair"] > 0 and row["peak_mb"] > 100 for row in found["rows"])
    assert set(found["met"]) == {"time", "memory"}
    assert told == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("peaks", "met"), [((1000, 1190), True), ((1000, 1210), False), ((1000, 1900, 1100), False)]
)
def test_memory_that_grows_is_not_within_the_limit(
    pairs: list[SentencePair],
    monkeypatch: pytest.MonkeyPatch,
    peaks: tuple[float, ...],
    met: bool,
) -> None:
    made = iter(peaks)
    monkeypatch.setattr(
        scale, "_alone", lambda _work: scale.Measured(1, 0, 900, next(made), {}, "")
    )
    sizes = [10] * len(peaks)
    found = scale.bench_scale(pairs, method("default"), sizes, lambda *_counts: None)
    assert found["met"] == {"time": True, "memory": met}
    assert found["peak_ratio"] == pytest.approx(max(peaks) / 1000)


def test_engines_are_compared_by_what_they_wrote(
    pairs: list[SentencePair], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = iter([("a", 4.0), ("a", 6.0), ("b", 5.0)])

    def measured(_work: object) -> scale.Measured:
        digest, seconds = next(made)
        return scale.Measured(seconds, 0, 1, 1, {}, digest)

    monkeypatch.setattr(scale, "_alone", measured)
    found = scale.bench_engines(pairs, method("default"), 10, lambda *_counts: None)
    assert [row["engine"] for row in found["rows"]] == ["local", "ray(workers=1)", "ray(workers=2)"]
    assert [row["overhead"] for row in found["rows"]] == [0, 0.5, 0.25]
    assert not found["identical"]


@pytest.mark.parametrize("text", ["", "0", "many", "10,-1"])
def test_sizes_that_are_none_are_told(text: str) -> None:
    with pytest.raises(ConfigError, match="sizes must be numbers"):
        _sizes(text)
