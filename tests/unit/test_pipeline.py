"""The pipeline without a model: links come with the pairs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.aligners.precomputed import Precomputed
from core.config import RunConfig, apply_settings
from core.errors import BackendError, ConfigError, DataError, ErrorCode
from core.methods import method
from core.pipeline import Constraints, Pipeline
from core.projectors.ilp import Ilp
from core.stages import fuse, keep_labels, unite
from core.types import Alignment, Candidate, EntityCandidate, Link, SentencePair, Span
from tests.builders import alignment, pair, sentence


def _config(**settings: str) -> RunConfig:
    config = method("ilp")
    config = config.model_copy(
        update={"aligner": config.aligner.model_copy(update={"name": "precomputed"})}
    )
    return apply_settings(
        config, {key.replace("__", "."): value for key, value in settings.items()}
    )


def _pairs() -> list[SentencePair]:
    source = sentence("Anna lives in New York", "en", (0, 1, "PER"), (3, 5, "LOC"))
    target = sentence("In New York lebt Anna", "de", (1, 3, "LOC"), (4, 5, "PER"))
    good = pair(source, target, "0-4 1-3 2-0 3-1 4-2", "good")
    bad = pair(source, target, "0-9", "bad")
    return [good, bad, replace(good, id="again")]


def test_it_projects_and_keeps_the_whole_trace() -> None:
    projection = Pipeline.from_config(_config()).run(_pairs())[0]
    assert projection.spans == (Span(1, 3, "LOC"), Span(4, 5, "PER"))
    assert projection.failure is None
    trace = projection.trace
    assert trace.alignment is not None
    assert trace.scores is not None
    assert trace.scores.total.shape == (2, len(trace.candidates))
    assert trace.status == "optimal"
    assert set(trace.seconds) >= {"align", "candidates", "scores", "match"}
    with pytest.raises(ValueError, match="read-only"):
        trace.scores.total[0, 0] = 1


def test_a_bad_pair_fails_alone_and_is_no_empty_sentence() -> None:
    good, bad, again = Pipeline.from_config(_config()).run(_pairs())
    assert bad.failure is not None
    assert (bad.failure.stage, bad.failure.code) == ("align", "bad-annotation")
    assert "0-9" in bad.failure.message
    assert bad.decisions == ()
    assert good.spans == again.spans != ()


def test_a_failing_solver_fails_the_sentence_not_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Ilp, problem: object) -> None:
        raise BackendError("no solver", code="solver-failed")

    monkeypatch.setattr(Ilp, "project", refuse)
    projection = Pipeline.from_config(_config()).run(_pairs()[:1])[0]
    assert projection.failure is not None
    assert (projection.failure.stage, projection.failure.code) == ("match", "solver-failed")
    assert projection.trace.alignment is not None


@pytest.mark.parametrize("code", ["missing-package", "model-not-found", "model-unusable"])
def test_what_every_sentence_would_meet_stops_the_run(
    monkeypatch: pytest.MonkeyPatch, code: ErrorCode
) -> None:
    def refuse(self: Ilp, problem: object) -> None:
        raise BackendError("it must be installed", code=code)

    monkeypatch.setattr(Ilp, "project", refuse)
    with pytest.raises(BackendError, match="it must be installed"):
        Pipeline.from_config(_config()).run(_pairs()[:1])


def test_a_file_that_the_aligner_lacks_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Precomputed, pairs: object, vectors: object = None) -> None:
        raise DataError("it must exist", code="file-not-found", path="links")

    monkeypatch.setattr(Precomputed, "align", refuse)
    with pytest.raises(DataError, match="it must exist"):
        Pipeline.from_config(_config()).run(_pairs()[:1])


def test_bugs_are_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(self: Ilp, problem: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Ilp, "project", crash)
    with pytest.raises(ZeroDivisionError):
        Pipeline.from_config(_config()).run(_pairs()[:1])


def test_dropped_labels_do_not_compete() -> None:
    projection = Pipeline.from_config(_config(labels="LOC")).run(_pairs()[:1])[0]
    assert projection.spans == (Span(1, 3, "LOC"),)
    assert len(projection.decisions) == 1
    assert keep_labels(_pairs()[0], None) is not None


def test_pins_reach_spans_that_nobody_proposed() -> None:
    wanted = {"good": Constraints(pins=(EntityCandidate(0, 3, 5),))}
    config = _config(candidates__ngram__max_len="1")
    projection = Pipeline.from_config(config).run(_pairs()[:1], constraints=wanted)[0]
    assert Span(3, 5, "PER") in projection.spans
    assert projection.decisions[0].reason == "pinned"
    chosen = projection.decisions[0].candidate
    assert chosen is not None
    assert chosen.origins == ("pin",)


def test_edited_links_replace_the_aligners() -> None:
    edited = [alignment("0-4 3-1")]
    projection = Pipeline.from_config(_config()).run(_pairs()[:1], alignments=edited)[0]
    assert projection.spans == (Span(1, 2, "LOC"), Span(4, 5, "PER"))
    assert projection.trace.alignment is edited[0]


def test_the_target_gold_is_never_looked_at() -> None:
    without = replace(_pairs()[0], target=replace(_pairs()[0].target, spans=()))
    pipeline = Pipeline.from_config(_config())
    assert pipeline.run([without])[0].spans == pipeline.run(_pairs()[:1])[0].spans


def test_progress_reaches_the_end() -> None:
    seen: list[tuple[str, int, int]] = []
    Pipeline.from_config(_config()).run(
        _pairs(), progress=lambda stage, done, total: seen.append((stage, done, total))
    )
    assert seen[-1] == ("match", 3, 3)


def test_uniting_keeps_every_origin() -> None:
    both = (Candidate(0, 1, ("b",)), Candidate(0, 2, ("b",)))
    united = unite([(Candidate(0, 1, ("a",)),), both])
    assert united == (Candidate(0, 1, ("a", "b")), Candidate(0, 2, ("b",)))
    assert unite([both]) == both
    assert unite([]) == ()


@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf])
def test_scores_that_would_mislead_the_solver_are_refused(value: float) -> None:
    with pytest.raises(ConfigError, match="finite"):
        fuse({"odd": np.array([[value]])}, {"odd": 1.0})


def test_possible_links_can_be_left_out() -> None:
    one = replace(_pairs()[0], links={"gold": (Link(0, 4), Link(3, 1), Link(4, 2, sure=False))})
    both = Pipeline.from_config(_config()).run([one])[0]
    sure = Pipeline.from_config(_config(aligner__possible="false")).run([one])[0]
    assert Span(1, 3, "LOC") in both.spans
    assert Span(1, 2, "LOC") in sure.spans


def test_an_unnamed_choice_among_several_alignments_is_an_error() -> None:
    one = replace(_pairs()[0], links={"a": (), "b": ()})
    failure = Pipeline.from_config(_config()).run([one])[0].failure
    assert failure is not None
    assert failure.code == "missing-links"
    named = Pipeline.from_config(_config(aligner__links="a")).run([one])[0]
    assert isinstance(named.trace.alignment, Alignment)
