"""Stage budget: what is put in a stage's place, and what it says where it has nothing to put."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from core.budget import StageBudget, stage_budget
from core.config import ComponentChoice, RunConfig, ScoreChoice
from core.types import Labelling, Sentence, SentencePair, Span
from tests.builders import SameWords, alignment, sentence
from tests.translators import ANY, Lookup, One

GOLD = ((0, 1, "PER"), (3, 5, "LOC"))


@dataclass(frozen=True)
class Forgetful:
    """Labels every Ada as PER and knows no places."""

    def label(self, sentences: list[Sentence], progress: object = None) -> list[Labelling]:
        return [
            Labelling(
                tuple(
                    Span(place, place + 1, "PER")
                    for place, word in enumerate(one.words)
                    if word == "Ada"
                )
            )
            for one in sentences
        ]

    def classes(self) -> tuple[str, ...]:
        return ("LOC", "PER")

    def release(self) -> None: ...


def _pair(links: str = "0-0 1-1 2-2 3-3 4-4") -> SentencePair:
    source = sentence("Ada lives in New York", "en", *GOLD)
    target = sentence("Ada vive en Nueva York", "es", *GOLD)
    return SentencePair(source, target, "p", {"given": alignment(links).links})


def _config(**changes: object) -> RunConfig:
    return RunConfig(
        method="m",
        aligner=ComponentChoice(name="precomputed", parameters={"links": "given"}),
        candidates=(ComponentChoice(name="ngram"),),
        scores=(ScoreChoice(name="align"),),
        projector=ComponentChoice(name="ilp"),
    ).model_copy(update=changes)


def _rows(budget: StageBudget) -> dict[str, float | None]:
    return {
        one.stage: None if one.report is None else one.report.headline.overall.f1
        for one in budget.oracles
    }


def test_a_perfect_run_costs_nothing() -> None:
    budget = stage_budget(_config(), [_pair()])
    assert budget.report.headline.overall.f1 == 1.0
    assert _rows(budget) == {"translation": None, "labels": None, "candidates": 1.0, "links": 1.0}
    assert budget.quality is None


def test_bad_links_cost_what_gold_links_bring_back() -> None:
    budget = stage_budget(_config(), [_pair("0-0 3-1 4-2")])
    assert budget.report.headline.overall.f1 == 0.5
    rows = budget.as_dict()["oracles"]
    assert rows["links"]["f1"] == 1.0
    assert rows["links"]["costs_points"] == 50.0
    assert rows["links"]["per_label_points"] == {"LOC": 100.0, "PER": 0.0}
    assert rows["candidates"]["costs_points"] != rows["links"]["costs_points"]


def test_candidates_are_gold_spans_and_no_others() -> None:
    one = _pair("0-0 3-3")  # "York" is not linked: the best span by count is "Nueva" alone
    assert _rows(stage_budget(_config(), [one])) | {"links": 0} == {
        "translation": None,
        "labels": None,
        "candidates": 1.0,
        "links": 0,
    }


def test_the_labellers_loss_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.workflow.LABELLERS", One(Forgetful()))
    budget = stage_budget(_config(labeller=ANY), [_pair()])
    rows = budget.as_dict()["oracles"]
    assert rows["labels"]["f1"] == 1.0
    assert rows["labels"]["per_label_points"]["LOC"] == 100.0
    assert rows["labels"]["remark"] == "the corpus's own source entities"


def test_a_reference_takes_the_translations_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.workflow.LABELLERS", One(Forgetful()))
    monkeypatch.setattr(
        "core.workflow.TRANSLATORS", One(Lookup({"Ada vive en Nueva York": "Eda lives there"}))
    )
    # a machine's translation has no links of the corpus, so the aligner has to be another
    config = _config(labeller=ANY, translator=ANY, aligner=ComponentChoice(name="simalign"))
    monkeypatch.setattr("core.pipeline.ALIGNERS", One(SameWords()))
    budget = stage_budget(config, [_pair()])
    assert budget.report.headline.overall.f1 == 0.0
    assert _rows(budget)["translation"] == pytest.approx(2 / 3)
    assert budget.quality is not None
    assert 0 < budget.quality.chrf < 100
    assert budget.quality.signature.startswith("nrefs:1|case:mixed")
    bare = replace(_pair(), source=Sentence((), "en", "", ()), source_labelled=False)
    without = stage_budget(config, [bare])
    assert without.quality is None
    assert without.oracles[0].remark == "the corpus has no reference translation"


def test_a_route_of_another_kind_has_no_links_or_candidates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("core.routes._marking.TRANSLATORS", One(Lookup()))
    config = _config(route=ComponentChoice(name="markers"), back_translator=ANY)
    assert _rows(stage_budget(config, [_pair()])) == {
        "translation": None,
        "labels": None,
        "candidates": None,
        "links": None,
    }
