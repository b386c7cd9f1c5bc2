"""Agreement, disagreement, and which sentences a filter leaves."""

from __future__ import annotations

import time

import numpy as np
import pytest

from core.errors import ConfigError, DataError
from core.overview.disagreement import choose, common_labels, parse_where, queue, survey
from core.overview.outcomes import CorpusRun
from tests.unit.overview.builders import Answer, run_of

GOLD = ("0-1PER 2-3LOC", "", "0-2ORG", "1-2PER")


def runs(**answers: tuple[Answer, ...]) -> dict[str, CorpusRun]:
    return {name: run_of(GOLD, *given, name=name) for name, given in answers.items()}


THREE = runs(
    a=("0-1PER 2-3LOC", "", "0-2ORG", "1-2PER"),
    b=("0-1PER", "", "0-1ORG", None),
    c=("0-1PER 2-3LOC", "4-5LOC", "0-2PER", None),
)


def test_disagreement_is_one_minus_the_mean_f1_of_all_pairs() -> None:
    found = survey(THREE)
    # a and c agree, each has 2/3 in common with b
    assert found.disagreement[0] == pytest.approx(1 - (2 / 3 + 1 + 2 / 3) / 3)
    # a and b agree on nothing being there
    assert found.disagreement[1] == pytest.approx(1 - (1 + 0 + 0) / 3)
    assert found.disagreement[2] == 1.0


def test_a_failed_run_agrees_with_nobody_not_even_with_another_that_failed() -> None:
    found = survey(THREE)
    assert found.disagreement[3] == 1.0
    only_failed = survey(runs(b=("", "", "", None), c=("", "", "", None)))
    assert only_failed.disagreement.tolist() == [0, 0, 0, 1]
    assert only_failed.identical[0, 1] == 0.75


def test_against_gold() -> None:
    found = survey(THREE)
    assert found.right.tolist() == [
        [True, False, True],
        [True, True, False],
        [True, False, False],
        [True, False, False],
    ]
    assert found.against_gold[0].tolist() == pytest.approx([1, 2 / 3, 1])
    assert found.failed[3].tolist() == [False, True, True]
    assert found.matrix_names == ("a", "b", "c", "gold")


def test_agreement_is_micro_f1_and_the_share_of_identical_sentences() -> None:
    found = survey(THREE)
    # a has 4 spans, b 2, one of them the same
    assert found.agreement[0, 1] == pytest.approx(2 * 1 / (4 + 2))
    assert found.agreement[0, 3] == 1.0
    assert found.identical[0].tolist() == pytest.approx([1, 0.25, 0.25, 1])


def test_without_gold_there_is_no_row_for_it() -> None:
    no_gold = {name: run_of(GOLD, *[""] * 4, has_gold=False) for name in ("a", "b")}
    found = survey(no_gold)
    assert found.matrix_names == ("a", "b")
    assert found.agreement.tolist() == [[1, 1], [1, 1]]
    assert np.isnan(found.against_gold).all()
    assert not found.right.any()


def test_a_class_alone_is_compared_where_it_is_asked_for() -> None:
    found = survey(THREE, ["PER"])
    assert found.disagreement[0] == 0.0
    assert found.has_spans.tolist() == [True, False, True, True]
    assert survey(THREE).classes == ("LOC", "ORG", "PER")


def test_only_classes_that_every_run_was_asked_for_are_compared() -> None:
    one, other = run_of(("",), ""), run_of(("",), "")
    limited = CorpusRun(other.name, other.outcomes, labels=("PER", "LOC"))
    assert common_labels([one, one]) is None
    assert common_labels([one, limited]) == ("LOC", "PER")
    assert common_labels([one, limited], ["PER", "ORG"]) == ("PER",)


@pytest.mark.parametrize(
    ("show", "first", "second", "numbers"),
    [
        ("all", "", "", [1, 2, 3, 4]),
        ("disagree", "", "", [1, 2, 3, 4]),
        ("first right, second wrong", "a", "b", [1, 3, 4]),
        ("first right, second wrong", "c", "b", [1]),
        ("only first right", "a", "", [3, 4]),
        ("all wrong", "", "", []),
        ("any failed", "", "", [4]),
    ],
)
def test_filters(show: str, first: str, second: str, numbers: list[int]) -> None:
    places = choose(survey(THREE), show, first, second)  # type: ignore[arg-type]
    assert [int(place) + 1 for place in places] == numbers


def test_all_wrong_needs_gold_and_every_run_wrong() -> None:
    found = survey(runs(b=("0-1PER", "", "", "1-2PER"), c=("", "1-2LOC", None, "1-2PER")))
    assert (choose(found, "all wrong") + 1).tolist() == [1, 3]


def test_the_queue_begins_with_the_most_disputed_and_keeps_ties_in_order() -> None:
    found = survey(THREE)
    assert (queue(found, choose(found, "all")) + 1).tolist() == [3, 4, 2, 1]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("a>b", ("first right, second wrong", "a", "b")),
        (" a > b ", ("first right, second wrong", "a", "b")),
        ("only:a", ("only first right", "a", "")),
        ("all-wrong", ("all wrong", "", "")),
        ("", ("all", "", "")),
    ],
)
def test_filters_as_text(text: str, meaning: tuple[str, str, str]) -> None:
    assert parse_where(text, ["a", "b"]) == meaning


@pytest.mark.parametrize("text", ["a>z", "z>a", "only:z", "nonsense", "only:"])
def test_filters_that_mean_nothing(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_where(text, ["a", "b"])


def test_runs_over_other_sentences_are_refused() -> None:
    with pytest.raises(DataError, match="same sentences"):
        survey({"a": run_of(("",), ""), "b": run_of(("0-1PER",), "")})
    with pytest.raises(ConfigError, match="got none"):
        survey({})


def test_five_thousand_sentences_and_six_runs_take_less_than_a_second() -> None:
    answers = ("0-1PER 2-3LOC", "0-1PER", "", "0-2PER")
    # Outcomes never change, so that a few make a large corpus.
    small = [run_of(GOLD, *answers[shift:], *answers[:shift]).outcomes for shift in range(4)]
    many = {f"r{shift}": CorpusRun("r", small[shift % 4] * 1250) for shift in range(6)}
    started = time.process_time()
    assert len(survey(many).disagreement) == 5000
    assert time.process_time() - started < 1
