"""Laws of agreement between runs."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.overview.disagreement import choose, queue, survey
from core.overview.outcomes import CorpusRun, outcome_of
from core.overview.rows import align_rows
from core.text.words import sentence_from_words
from core.types import Failure, Projection, SentencePair, Trace
from tests.property.evaluate_strategies import disjoint_spans

WORDS = 8


@st.composite
def run_sets(draw: st.DrawFn) -> dict[str, CorpusRun]:
    """Draw some runs over the same sentences, some failed, some sentences without gold."""
    sentences = draw(st.integers(1, 4))
    pairs = []
    for place in range(sentences):
        gold = draw(disjoint_spans(WORDS))
        target = sentence_from_words(["w"] * WORDS, "de", spans=gold)
        source = sentence_from_words(["s"], "en")
        pairs.append(SentencePair(source, target, f"p{place}", has_gold=draw(st.booleans())))
    runs = {}
    for name in "abc"[: draw(st.integers(1, 3))]:
        outcomes = []
        for pair in pairs:
            failed = draw(st.integers(0, 4)) == 0
            spans = () if failed else draw(disjoint_spans(WORDS))
            failure = Failure("match", "bad-value", "x") if failed else None
            outcomes.append(outcome_of(Projection(pair, name, spans, (), Trace(), failure)))
        runs[name] = CorpusRun(name, tuple(outcomes))
    return runs


@given(run_sets())
def test_agreement_is_symmetric_one_on_the_diagonal_and_a_share(runs: dict[str, CorpusRun]) -> None:
    found = survey(runs)
    for matrix in (found.agreement, found.identical):
        assert np.array_equal(matrix, matrix.T)
        assert (np.diag(matrix) == 1).all()
        assert ((matrix >= 0) & (matrix <= 1)).all()


@given(run_sets())
def test_nothing_is_disputed_exactly_where_all_have_the_same_and_none_failed(
    runs: dict[str, CorpusRun],
) -> None:
    found = survey(runs)
    for place, disputed in enumerate(found.disagreement):
        outcomes = [run.outcomes[place] for run in runs.values()]
        same = len({one.spans for one in outcomes}) == 1
        failed = any(one.failure is not None for one in outcomes)
        assert (disputed == 0) == (len(runs) == 1 or (same and not failed))
        assert 0 <= disputed <= 1


@given(run_sets())
def test_the_order_of_the_runs_does_not_matter(runs: dict[str, CorpusRun]) -> None:
    forth, back = survey(runs), survey(dict(reversed(runs.items())))
    assert np.allclose(forth.disagreement, back.disagreement)
    assert np.array_equal(forth.right, back.right[:, ::-1])


@given(run_sets())
def test_filters_part_the_sentences_with_gold(runs: dict[str, CorpusRun]) -> None:
    found = survey(runs)
    wrong = set(choose(found, "all wrong").tolist())
    right = {int(place) for place in np.flatnonzero(found.right.any(axis=1))}
    assert wrong | right == {int(place) for place in np.flatnonzero(found.has_gold)}
    assert not wrong & right
    assert sorted(queue(found, choose(found, "all"))) == list(range(len(found.disagreement)))


@given(run_sets())
def test_every_span_stands_in_exactly_one_row_of_its_run(runs: dict[str, CorpusRun]) -> None:
    count = len(next(iter(runs.values())).outcomes)
    for number in range(1, count + 1):
        rows = align_rows(runs, number)
        for column, run in enumerate(runs.values()):
            outcome = run.outcomes[number - 1]
            told = [span for row in rows for span in row.cells[column][1]]
            assert sorted(told) == sorted(outcome.spans)
            states = {row.cells[column][0] for row in rows}
            assert (states <= {"failed"}) == (outcome.failure is not None or not rows)
