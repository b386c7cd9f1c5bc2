"""Planted errors are found, what is right is left alone, and nothing is judged by what saw it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.cli import main
from core.corpora.conll import Conll
from core.errors import ConfigError, DataError
from core.label_issues import find_issues
from core.label_issues.folds import out_of_fold
from core.text.tags import tag_names, tags_from_spans
from core.types import Sentence, Span, WordTags
from tests.builders import sentence

pytest.importorskip("cleanlab", reason="pip install cleanlab")

NAMES = ("Ana", "Ben", "Cid", "Dora")
PLACES = ("Rome", "Oslo", "Lima", "Bonn")
CLEAN = tuple(
    sentence(f"{name} {verb} in {place} .", "en", (0, 1, "PER"), (3, 4, "LOC"))
    for name in NAMES
    for place in PLACES
    for verb in ("lives", "works", "stays")
)
# place in the corpus → what projection made of it
PLANTED = {
    3: (Span(3, 4, "LOC"),),  # the person was lost
    17: (Span(0, 1, "PER"), Span(3, 4, "PER")),  # the place got another class
    30: (Span(0, 1, "PER"), Span(2, 3, "LOC")),  # the place was shifted
}
NOISY = tuple(replace(one, spans=PLANTED.get(place, one.spans)) for place, one in enumerate(CLEAN))
WRONG = {(3, 0), (17, 3), (30, 2), (30, 3)}


def by_word(training: Sequence[Sentence], held_out: Sequence[Sentence]) -> list[WordTags]:
    """Tell how often each word had each tag in training."""
    names = tag_names(CLEAN)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in training:
        for word, tag in zip(one.words, tags_from_spans(one.spans, len(one.words)), strict=True):
            counts[word][tag] += 1
    found = []
    for one in held_out:
        rows = [[counts[word][name] + 0.1 for name in names] for word in one.words]
        table = np.array(rows, dtype=np.float32).reshape(len(one.words), len(names))
        found.append(WordTags(names, table / np.maximum(table.sum(axis=1, keepdims=True), 1e-9)))
    return found


def test_planted_errors_are_found_and_nothing_else() -> None:
    found = find_issues(NOISY, out_of_fold(NOISY, by_word))
    assert {(one.sentence, one.word) for one in found.issues} == WRONG
    assert found.suspicious() == tuple(sorted(PLANTED, key=lambda place: found.scores[place]))
    assert found.kept() == tuple(one for place, one in enumerate(NOISY) if place not in PLANTED)
    lost = next(one for one in found.issues if one.sentence == 3)
    assert (lost.text, lost.given, lost.suggested) == ("Ana", "O", "B-PER")
    assert lost.score < 0.1 < 0.8 < lost.suggested_score
    assert [one.score for one in found.issues] == sorted(one.score for one in found.issues)


def test_a_clean_corpus_has_no_issue() -> None:
    found = find_issues(CLEAN, out_of_fold(CLEAN, by_word))
    assert found.issues == ()
    assert found.kept() == CLEAN


def test_at_most_a_share_is_left_out_the_worst_first() -> None:
    found = find_issues(NOISY, out_of_fold(NOISY, by_word))
    assert found.suspicious(2 / len(NOISY)) == found.suspicious()[:2]
    assert len(found.kept(1 / len(NOISY))) == len(NOISY) - 1
    assert found.kept(0) == NOISY


def test_a_tag_that_stands_once_is_told() -> None:
    long = replace(NOISY[0], spans=(Span(0, 2, "PER"), Span(3, 4, "LOC")))
    noisy = (long, *NOISY[1:])
    assert find_issues(noisy, out_of_fold(noisy, by_word)).rare == ("I-PER",)


def test_sentences_without_words_are_kept() -> None:
    empty = sentence("")
    noisy = (empty, *NOISY, empty)
    found = find_issues(noisy, out_of_fold(noisy, by_word))
    assert {(one.sentence - 1, one.word) for one in found.issues} == WRONG
    assert (found.scores[0], len(found.kept())) == (1.0, len(noisy) - 3)


@pytest.mark.parametrize("folds", [2, 5, 7])
def test_nothing_is_judged_by_a_model_that_saw_it(folds: int) -> None:
    twice = (*NOISY, *NOISY[:9])
    judged: Counter[tuple[str, ...]] = Counter()

    def watching(training: Sequence[Sentence], held_out: Sequence[Sentence]) -> list[WordTags]:
        seen = {one.words for one in training}
        assert not any(one.words in seen for one in held_out)
        judged.update(one.words for one in held_out)
        return by_word(training, held_out)

    found = out_of_fold(twice, watching, folds=folds, seed=3)
    assert judged == Counter(one.words for one in twice)
    assert [len(one.probabilities) for one in found] == [len(one.words) for one in twice]


def test_what_cannot_be_judged_is_refused() -> None:
    tags = out_of_fold(NOISY, by_word)
    with pytest.raises(DataError, match="every word") as raised:
        find_issues(NOISY[1:], tags)
    assert raised.value.code == "not-parallel"
    with pytest.raises(DataError, match="labelled entities"):
        find_issues([replace(one, spans=()) for one in NOISY], tags)
    with pytest.raises(ConfigError, match="B-ORG"):
        find_issues([replace(NOISY[0], spans=(Span(0, 1, "ORG"),)), *NOISY[1:]], tags)
    with pytest.raises(ConfigError, match="at least 2"):
        out_of_fold(NOISY, by_word, folds=1)
    with pytest.raises(DataError, match="distinct sentences"):
        out_of_fold(NOISY[:1] * 9, by_word, folds=2)


@pytest.mark.encoder
def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("sklearn")
    Conll().write(tmp_path / "noisy.conll", NOISY)
    words = ["label-issues", "--file", str(tmp_path / "noisy.conll"), "--language", "en"]
    files = ["--report", str(tmp_path / "r.jsonl"), "--out", str(tmp_path / "kept.conll")]
    assert main([*words, *files, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    report = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text().splitlines()]
    assert {(3, 0), (17, 3)} <= {(one["sentence"], one["word"]) for one in report}
    assert data["issues"] == len(report)
    kept = Conll().read(tmp_path / "kept.conll", "en")
    assert len(kept) == data["kept"] == len(NOISY) - data["suspicious"]
    assert main([*words, "--most", "2"]) == 2
    assert main([*words, "--tagger", "gold"]) == 2
    assert main([*words, "--set", "tagger.model=x"]) == 2
