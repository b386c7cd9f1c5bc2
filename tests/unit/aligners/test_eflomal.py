"""The aligner eflomal: what the program finds, and what it is told when the program fails."""

from __future__ import annotations

import stat
from pathlib import Path

import numpy as np
import pytest

from core.aligners import ALIGNERS
from core.aligners.eflomal import Eflomal, _line
from core.errors import BackendError, DataError
from core.methods import method
from core.pipeline import Pipeline
from core.registry import find_program
from core.text.words import sentence_from_words
from core.types import Alignment, Link, SentencePair, Span
from tests.builders import pair, sentence

needs_eflomal = pytest.mark.skipif(
    find_program("eflomal-align") is None, reason="no eflomal: pip install eflomal"
)

# Sentences of the toy language: the second and the third word change places.
ORDER = (0, 2, 1, 3, 4)
WORDS = 15


def toy_words(sentences: int, seed: int) -> list[tuple[str, str]]:
    """Make sentences of words s0, s1, … and their translations t0, t1, … in the other order."""
    rng = np.random.default_rng(seed)
    chosen = [rng.permutation(WORDS)[: len(ORDER)] for _ in range(sentences)]
    return [
        (" ".join(f"s{word}" for word in one), " ".join(f"t{one[place]}" for place in ORDER))
        for one in chosen
    ]


def toy_pairs(sentences: int, seed: int = 0) -> list[SentencePair]:
    return [
        pair(sentence(source), sentence(target, "de"), pair_id=str(place))
        for place, (source, target) in enumerate(toy_words(sentences, seed))
    ]


def share_found(found: list[Alignment]) -> float:
    """Return how many of the toy language's links were found, over all that were or should be."""
    true = {Link(source, target) for target, source in enumerate(ORDER)}
    hits = sum(len(true & set(one.links)) for one in found)
    return hits / sum(len(true | set(one.links)) for one in found)


@needs_eflomal
def test_word_order_is_learnt_from_the_corpus() -> None:
    found = Eflomal().align(toy_pairs(150))
    assert share_found(found) > 0.9
    assert {one.note for one in found} == {""}


@needs_eflomal
@pytest.mark.parametrize("options", [{"model": 1}, {"suffix": 3, "prefix": 3}], ids=str)
def test_its_options_reach_the_program(options: dict[str, int]) -> None:
    assert share_found(Eflomal(**options).align(toy_pairs(150))) > 0.8


@needs_eflomal
def test_letters_of_both_cases_are_one_word() -> None:
    pairs = toy_pairs(60)
    loud = [
        pair(sentence_from_words([w.upper() for w in one.source.words], "en"), one.target)
        for one in pairs[::2]
    ]
    assert share_found(Eflomal().align([*loud, *pairs[1::2]])) > 0.9


@needs_eflomal
def test_languages_are_learnt_apart() -> None:
    german = toy_pairs(100)
    # the same words stand for others, in straight order
    other = [
        pair(one.source, sentence(" ".join(f"t{(int(w[1:]) + 1) % WORDS}" for w in words), "fr"))
        for one in german
        for words in [one.source.words]
    ]
    mixed = [one for both in zip(german, other, strict=True) for one in both]
    found = Eflomal().align(mixed)
    assert share_found(found[::2]) > 0.9
    straight = [sum(link.source == link.target for link in one.links) for one in found[1::2]]
    assert sum(straight) > 0.9 * len(ORDER) * len(other)


@needs_eflomal
@pytest.mark.parametrize("place", ["file", "folder", "folder, swapped"])
def test_a_single_pair_learns_from_more_text(tmp_path: Path, place: str) -> None:
    lines = toy_words(200, seed=1)
    rows = [f"{t}\t{s}" if "swapped" in place else f"{s}\t{t}" for s, t in lines]
    path = tmp_path / ("de-en.tsv" if "swapped" in place else "en-de.tsv")
    path.write_text("\n".join([*rows, "", "\tno source", "x " * 1024 + "\ty"]))
    parallel = str(path if place == "file" else tmp_path)
    (found,) = Eflomal(parallel=parallel).align(toy_pairs(1))
    assert share_found([found]) > 0.5
    assert found.note == ""


@needs_eflomal
@pytest.mark.parametrize(("pairs", "count"), [(1, "one sentence pair"), (3, "3 sentence pairs")])
def test_what_was_learnt_from_little_says_so(pairs: int, count: str) -> None:
    found = Eflomal().align(toy_pairs(pairs))
    assert all(f"learnt from {count} only" in one.note for one in found)


@needs_eflomal
def test_long_and_empty_sentences_get_no_link_and_the_long_one_says_why() -> None:
    long = sentence_from_words(["s1"] * 1024, "en")
    pairs = toy_pairs(20)
    odd = [SentencePair(long, pairs[0].target), SentencePair(pairs[0].source, sentence("", "de"))]
    cut, empty, *found = Eflomal().align([*odd, *pairs])
    assert (cut.links, cut.note) == ((), "not aligned: eflomal takes at most 1023 words")
    assert (empty.links, empty.note) == ((), "")
    assert share_found(found) > 0.8


@needs_eflomal
def test_white_space_inside_a_word_shifts_nothing() -> None:
    pairs = [
        pair(
            sentence_from_words([f"{w[0]}\u2028 {w[1:]}" for w in one.source.words], "en"),
            one.target,
        )
        for one in toy_pairs(100)
    ]
    assert share_found(Eflomal().align(pairs)) > 0.9


@pytest.mark.parametrize(
    ("words", "line"), [(["A b", "C"], "a_b c"), ([" ", "\x1c", "\r\n"], "_ _ _")], ids=repr
)
def test_a_line_has_as_many_words_as_the_sentence(words: list[str], line: str) -> None:
    assert _line(words) == line


def test_nothing_to_align_runs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.registry.find_program", lambda name: None)
    assert Eflomal().align([pair(sentence(""), sentence("a", "de"))]) == [Alignment(())]


def test_a_missing_program_is_told_with_the_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.registry.find_program", lambda name: None)
    for attempt in (lambda: ALIGNERS.create("eflomal"), lambda: Eflomal().align(toy_pairs(1))):
        with pytest.raises(BackendError, match="eflomal-align") as raised:
            attempt()
        assert (raised.value.code, raised.value.hint) == ("missing-package", "pip install eflomal")


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a program of that name before all others; its last line is run with $F and $R."""
    path = folder / "eflomal-align"
    path.write_text(
        '#!/bin/sh\nwhile [ $# -gt 0 ]; do case "$1" in -f) F=$2;; -r) R=$2;; esac; shift; done\n'
        f"{script}\n"
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo first >&2; echo no memory >&2; exit 3", "ended with 3 and said: no memory"),
        ("exit 1", "ended with 1 and said: nothing"),
        ("kill -9 $$", "ended with -9"),
        ("true", "its output cannot be read: the file must exist"),
        ('echo 0-0 > "$F"; cp "$F" "$R"', "wrote 1 lines for 2 sentences"),
        ('printf "0-0\\nx\\n" > "$F"; cp "$F" "$R"', "output cannot be read: a link must be"),
        ('printf "0-0\\n0-5\\n" > "$F"; cp "$F" "$R"', "lie outside the sentences"),
        ('printf "0-0\\n\\377\\n" > "$F"; cp "$F" "$R"', "output cannot be read"),
    ],
)
def test_a_program_that_fails_or_writes_garbage_is_unusable(
    script: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, script)
    with pytest.raises(BackendError, match=reason) as raised:
        Eflomal().align(toy_pairs(2))
    assert raised.value.code == "model-unusable"


def test_a_program_that_cannot_be_started_is_unusable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, "")
    (tmp_path / "eflomal-align").write_text("#!/no/such/interpreter\n")
    with pytest.raises(BackendError, match="cannot be run") as raised:
        Eflomal().align(toy_pairs(1))
    assert raised.value.code == "model-unusable"


@pytest.mark.parametrize(
    ("joined", "links"),
    [
        ("grow-diag-final-and", "0-0 1-0 3-4"),
        ("intersection", "0-0"),
        ("union", "0-0 1-0 3-3 3-4"),
        ("forward", "0-0 3-4"),
        ("reverse", "0-0 1-0 3-3"),
    ],
)
def test_both_directions_are_joined(
    joined: str, links: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, 'echo "0-0 3-4 " > "$F"; echo "0-0 1-0 3-3 " > "$R"')
    (found,) = Eflomal(symmetrisation=joined).align(toy_pairs(1))
    assert " ".join(f"{link.source}-{link.target}" for link in found.links) == links


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("en-de.tsv", "a\tb\nonly one\n", "bad-line"),
        ("en-de.tsv", "a\tb\tc\n", "bad-line"),
        ("en-fr.tsv", "a\tb\n", "missing-corpus"),
    ],
)
def test_parallel_text_that_cannot_be_read_is_named_and_stops_the_run(
    name: str, content: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, "exit 9")
    (tmp_path / name).write_text(content)
    config = method("ilp")
    aligner = config.aligner.model_copy(
        update={"name": "eflomal", "parameters": {"parallel": str(tmp_path)}}
    )
    pipeline = Pipeline.from_config(config.model_copy(update={"aligner": aligner}))
    with pytest.raises(DataError, match=r"en-de\.tsv") as raised:
        pipeline.run(toy_pairs(2))
    assert raised.value.code == code


@needs_eflomal
def test_the_pipeline_learns_from_all_its_pairs() -> None:
    config = method("ilp")
    aligner = config.aligner.model_copy(update={"name": "eflomal"})
    pairs = [
        SentencePair(
            sentence(" ".join(one.source.words), "en", (1, 2, "PER")), one.target, id=one.id
        )
        for one in toy_pairs(150)
    ]
    found = Pipeline.from_config(config.model_copy(update={"aligner": aligner})).run(pairs)
    right = sum(one.spans == (Span(2, 3, "PER"),) for one in found)
    assert right > 0.9 * len(pairs)
