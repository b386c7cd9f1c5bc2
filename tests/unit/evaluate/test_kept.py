"""What examinations keep, and methods over seeds on it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import DataError
from core.evaluate.kept import (
    KeptSet,
    clean_name,
    clear_kept,
    keep_answered,
    keep_tagged,
    read_kept,
)
from core.evaluate.kept_comparison import KeptRun, compare_kept
from core.evaluate.question_robustness import Asked
from core.evaluate.robustness import TaggedSet
from core.evaluate.significance import Bootstrap
from core.question_perturbations import Languages
from core.types import Labelling, Span
from tests.builders import sentence
from tests.unit.training.conftest import contexts

FAST = Bootstrap(resamples=200)
GOLD = (
    sentence("Ada saw Rome", "en", (0, 1, "PER"), (2, 3, "LOC")),
    sentence("it rained", "en"),
)


def tagged(
    perturbation: str = "", seed: int | None = None, name: str = "en", right: bool = True
) -> TaggedSet:
    """Make a set whose person is always found, its place only where all is right."""
    found = (Span(0, 1, "PER"), Span(2, 3, "LOC"))[: 2 if right else 1]
    return TaggedSet(name, perturbation, seed, GOLD, (Labelling(found), Labelling(())))


def counts(*rows: tuple[int, int, int]) -> np.ndarray:
    return np.array(rows)


def test_sets_are_kept_and_read_again_with_the_seeds_of_a_perturbation_added(
    tmp_path: Path,
) -> None:
    for one in (tagged("typos", 0), tagged("typos", 1, right=False), tagged(), tagged(name="en.2")):
        keep_tagged(tmp_path, one)
    found = read_kept(tmp_path)
    assert list(found) == ["en", "en.typos", "en.2"]
    assert found["en"].counts.tolist() == [[2, 2, 2], [0, 0, 0]]
    assert found["en.typos"].counts.tolist() == [[3, 3, 4], [0, 0, 0]]
    only = read_kept(tmp_path, labels=("LOC",))
    assert only["en.typos"].counts.tolist() == [[1, 1, 2], [0, 0, 0]]
    assert found["en"].digest == found["en.2"].digest != found["en.typos"].digest


def test_answers_are_kept_and_scored_by_the_language_of_the_contexts(tmp_path: Path) -> None:
    asked = Asked("en-de", Languages("en", "de"), "", None, tuple(contexts(1)))
    keep_answered(tmp_path, asked, {"who0": "the ada", "where0": "oslo"})
    (found,) = read_kept(tmp_path, questions=True).items()
    assert found[0] == "en-de"
    assert found[1].counts.tolist() == [[1, 1, 1], [0, 1, 1]]  # English articles do not count


def test_a_folder_that_holds_nothing_kept_is_refused(tmp_path: Path) -> None:
    keep_tagged(tmp_path, tagged())
    with pytest.raises(DataError, match="got none of it"):
        read_kept(tmp_path, questions=True)


def test_only_what_was_kept_is_cleared(tmp_path: Path) -> None:
    others = {"notes.txt", "own.gold.conll", "gold.own.json", "own.found.conll.bak"}
    for name in others:
        (tmp_path / name).write_text("mine")
    keep_tagged(tmp_path, tagged("typos", 0))
    asked = Asked("en-de", Languages("en", "de"), "", None, tuple(contexts(1)))
    keep_answered(tmp_path, asked, {"who0": "ada", "where0": "rome"})
    assert len(list(tmp_path.iterdir())) == len(others) + 4
    clear_kept(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == others


def test_predictions_for_other_sentences_are_refused(tmp_path: Path) -> None:
    keep_tagged(tmp_path, tagged())
    (tmp_path / "en.found.conll").write_text("Eva\tO\n\n")
    with pytest.raises(DataError, match="gold sentences"):
        read_kept(tmp_path)


@pytest.mark.parametrize(
    ("name", "clean"),
    [("en", "en"), ("en.typos", "en"), ("en.2", "en.2"), ("en.2.typos", "en.2"), ("es.x", "es.x")],
)
def test_the_clean_set_of_a_perturbed_one(name: str, clean: str) -> None:
    assert clean_name(name, {"en", "en.typos", "en.2", "en.2.typos", "es.x"}) == clean


def test_methods_over_seeds_with_what_a_perturbation_changes() -> None:
    full, half = KeptSet(counts((2, 2, 2))), KeptSet(counts((1, 2, 2)))
    none = KeptSet(counts((0, 2, 2)))
    runs = [
        KeptRun("plain", "0", {"en": full, "en.typos": half}),
        KeptRun("plain", "1", {"en": full, "en.typos": none}),
        KeptRun("fgm", "0", {"en": full, "en.typos": full}),
        KeptRun("fgm", "1", {"en": half, "en.typos": full}),
    ]
    found = compare_kept(runs, baseline="plain", bootstrap=FAST, counted={"metric": "strict"})
    assert found.family == 2
    assert list(found.changes) == ["en.typos"]
    changes = found.changes["en.typos"]
    assert (changes["plain"].mean, changes["fgm"].mean) == (-0.75, 0.25)
    assert changes["plain"].sd == pytest.approx(0.3536, abs=1e-4)
    assert found.signature.startswith("metric:strict|test:multi-bootstrap|resamples:200|")
    assert found.as_dict()["sets"]["en"]["changes"] == {}


def test_sets_that_differ_or_are_missing_are_left_out_and_named() -> None:
    full = KeptSet(counts((2, 2, 2)), "a")
    other = replace(full, digest="b")
    first = KeptRun("plain", "0", {"en": full, "es": full, "hr": full})
    second = KeptRun("fgm", "0", {"en": full, "es": other})
    found = compare_kept([first, second], bootstrap=FAST)
    assert list(found.sets) == ["en"]
    assert found.left_out == {
        "es": "the runs saw different texts under this name",
        "hr": "only 1 of 2 runs have it",
    }
    with pytest.raises(DataError, match=r"share at least one test set.*es: the runs saw"):
        compare_kept([KeptRun("plain", "0", {"es": full}), second], bootstrap=FAST)
    with pytest.raises(DataError, match="at least one run"):
        compare_kept([])


def test_a_perturbation_that_changed_nothing_is_no_comparison_of_its_own() -> None:
    full, half = KeptSet(counts((2, 2, 2)), "a"), KeptSet(counts((1, 2, 2)), "a")
    texts = {"es.script": "a-a", "es.typos": "a-b", "hr.script": "c"}
    runs = [
        KeptRun(
            method, "0", {"es": one} | {name: replace(one, digest=texts[name]) for name in texts}
        )
        for method, one in (("plain", half), ("fgm", full))
    ]
    found = compare_kept(runs, bootstrap=FAST)
    assert list(found.sets) == ["es", "es.typos", "hr.script"]
    assert found.left_out == {
        "es.script": "the perturbation changed nothing: the texts are those of es"
    }
    assert found.family == 3
    assert "es.script" not in found.changes


def test_what_is_left_of_a_clean_set_that_differs_is_compared() -> None:
    full = KeptSet(counts((2, 2, 2)), "a")
    first = KeptRun("plain", "0", {"es": full, "es.script": full})
    second = KeptRun("fgm", "0", {"es": replace(full, digest="b"), "es.script": full})
    assert list(compare_kept([first, second], bootstrap=FAST).sets) == ["es.script"]
