"""What is kept of a projection, and running a corpus step by step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from core.config import ComponentChoice, RunConfig
from core.evaluate.significance import compare_all
from core.evaluate.spans import score_projections
from core.methods import method
from core.overview.outcomes import CorpusWork, EntityOutcome, outcome_of, run_corpus
from core.types import Projection, SentencePair
from core.workflow import Workflow
from tests.builders import pair, sentence
from tests.unit.evaluate.builders import FAILURE, lost, project, took
from tests.unit.evaluate.builders import sentence as words
from tests.unit.overview.builders import run_of

SOURCE = sentence("Ada saw Rome", "en", (0, 1, "PER"), (2, 3, "LOC"))
TARGET = sentence("Rom sah Ada", "de", (0, 1, "LOC"), (2, 3, "PER"))
PAIRS = [pair(SOURCE, TARGET, "0-2 2-0", pair_id=f"p{place}") for place in range(20)]
CONFIG = method("heuristic").model_copy(update={"aligner": ComponentChoice(name="precomputed")})


def test_an_outcome_keeps_what_a_corpus_needs_and_no_trace() -> None:
    kept = outcome_of(
        project(
            words("Ada saw Rome", (0, 1, "PER"), (2, 3, "LOC")),
            words("Rom sah Ada", (0, 1, "LOC"), (2, 3, "PER")),
            took(0, 2, 3, 0.5),
            lost(1, "no-link"),
            linked="0-2",
        )
    )
    assert kept.status == "differs"
    assert kept.decisions == (
        EntityOutcome(0, 2, 3, "chosen", 0.5, 0.0),
        EntityOutcome(1, None, None, "no-link", 0.0, 0.0),
    )
    assert kept.links is not None
    assert kept.links.tolist() == [[0, 2]]
    assert not kept.links.flags.writeable
    assert [one.stage for one in kept.diagnoses] == ["no-link", None]


def test_a_failed_sentence_stays_failed() -> None:
    kept = outcome_of(project(words("a"), words("b", (0, 1, "PER")), failure=FAILURE, linked=None))
    assert (kept.status, kept.failure, kept.spans, kept.links) == ("failed", FAILURE, (), None)


def test_running_a_corpus_tells_how_far_it_is() -> None:
    told: list[tuple[int, int]] = []
    run = run_corpus(CONFIG, PAIRS, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 20), (16, 20), (20, 20)]  # first, source sentences are made
    assert {outcome.status for outcome in run.outcomes} == {"as in gold"}
    assert run.signature.startswith("method:heuristic|")
    assert (run.failures, run.has_gold, run.labels) == (0, True, None)
    small = run_corpus(CONFIG, PAIRS, step=1)
    assert [outcome.spans for outcome in small.outcomes] == [one.spans for one in run.outcomes]


def test_work_can_be_left_and_taken_up() -> None:
    work = CorpusWork(Workflow.from_config(CONFIG), PAIRS, step=8)
    work.advance()  # source sentences are as they came
    work.advance()
    assert (len(work.outcomes), work.done) == (8, False)
    kept = list(work.outcomes)
    while not work.done:
        work.advance()
    work.advance()
    assert work.outcomes[:8] == kept
    assert len(work.result().outcomes) == 20


@pytest.mark.parametrize(("aligner", "sizes"), [("simalign", [16, 4]), ("eflomal", [20])])
def test_an_aligner_that_learns_from_the_corpus_gets_all_of_it(
    aligner: str, sizes: list[int]
) -> None:
    seen: list[int] = []

    class Route:
        needs_source = False

        def run(self, config: RunConfig, pairs: Sequence[SentencePair]) -> list[Projection]:
            seen.append(len(pairs))
            return [project(words("a"), words("b")) for _ in pairs]

    config = method("ilp").model_copy(update={"aligner": ComponentChoice(name=aligner)})
    work = CorpusWork(Workflow(config, None, None, Route()), PAIRS)  # type: ignore[arg-type]
    while not work.done:
        work.advance()
    assert seen == sizes


def test_source_sentences_are_made_before_anything_is_projected() -> None:
    steps: list[tuple[str, int]] = []

    class Route:
        needs_source = True

        def run(self, config: RunConfig, pairs: Sequence[SentencePair]) -> list[Projection]:
            steps.append(("run", len(pairs)))
            return [project(words("a"), words("b")) for _ in pairs]

    class Prepared(Workflow):
        def prepare(
            self, pairs: Sequence[SentencePair], report: object = None
        ) -> list[SentencePair]:
            steps.append(("prepare", len(pairs)))
            return list(pairs)

    work = CorpusWork(Prepared(CONFIG, None, None, Route()), PAIRS * 4, step=50)  # type: ignore[arg-type]
    while not work.done:
        work.advance()
    assert steps == [("prepare", 64), ("prepare", 16), ("run", 50), ("run", 30)]


def test_scores_and_significance_are_the_same_as_of_projections() -> None:
    gold = ("0-1PER 2-3LOC", "1-2PER")
    one, other = run_of(gold, "0-1PER", "1-2PER"), run_of(gold, "0-1PER 2-3LOC", None)
    assert score_projections(one.outcomes).headline.overall.f1 == pytest.approx(4 / 5)
    assert score_projections(other.outcomes).failures == 1
    (comparison,) = compare_all({"one": one.outcomes, "other": other.outcomes})
    assert comparison.difference == pytest.approx(0.0)
    assert np.isfinite(comparison.interval.low)
