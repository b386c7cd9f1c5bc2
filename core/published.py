"""The systems of published tables, as configurations.

They name the models their authors used, with AWESoME as aligner; `--aligner simalign` gives the
tables' other column. `--set encoder.model=bundled --set encoder.layer=6`, `--tagger default` and
`--back-translator apertium` put in what runs offline.

Not among them are the systems whose figures the tables only quote: CODEC decodes inside the
translation model, GPT-4 and GoLLIE label without any projection.
"""

from __future__ import annotations

from core.config import ComponentChoice, RunConfig, ScoreChoice

_MBERT = ComponentChoice(
    name="bundled", parameters={"model": "google-bert/bert-base-multilingual-cased", "layer": 8}
)
_AWESOME = ComponentChoice(name="awesome")
_TAGGER = ComponentChoice(name="xlm_roberta_large_conll03")
_NLLB = ComponentChoice(name="seq2seq", parameters={"model": "facebook/nllb-200-3.3B"})
_NGRAM, _NER = ComponentChoice(name="ngram"), ComponentChoice(name="ner")
_ILP, _GREEDY = ComponentChoice(name="ilp"), ComponentChoice(name="greedy")
_ALIGN = ScoreChoice(name="align")


def _matched(
    name: str,
    projector: ComponentChoice,
    *scores: ScoreChoice,
    candidates: ComponentChoice = _NGRAM,
    route: ComponentChoice | None = None,
) -> RunConfig:
    """Describe a system that matches scored candidates."""
    tags = candidates.name == "ner" or any(score.name.startswith("ner") for score in scores)
    return RunConfig(
        method=name,
        encoder=_MBERT,
        aligner=_AWESOME,
        candidates=(candidates,),
        scores=scores,
        projector=projector,
        tagger=_TAGGER if tags else None,
        route=route or ComponentChoice(name="direct"),
        back_translator=_NLLB if route else None,
    )


def _heuristic(
    name: str, *, route: ComponentChoice | None = None, **parameters: bool | float
) -> RunConfig:
    """Describe a system that takes runs of linked words."""
    return RunConfig(
        method=name,
        encoder=_MBERT,
        aligner=_AWESOME,
        projector=ComponentChoice(name="heuristic", parameters=dict(parameters)),
        route=route or ComponentChoice(name="direct"),
        back_translator=_NLLB if route else None,
    )


def _score(name: str, weight: float = 1.0) -> ScoreChoice:
    return ScoreChoice(name=name, weight=weight)


_BACK = ComponentChoice(name="backtranslation", parameters={"variant": "published"})

PUBLISHED: tuple[tuple[RunConfig, str], ...] = (
    (
        _heuristic("heuristic_garcia_ferrero_2022"),
        "García-Ferrero 2022: runs of linked words, gaps of one word bridged",
    ),
    (
        _heuristic("heuristic_thr08_shkalikov_2025", threshold=0.8),
        "Shkalikov 2025: the same, runs longer than 0.8 of the entity",
    ),
    (
        _heuristic("heuristic_top1_shkalikov_2025", top_k=1),
        "Shkalikov 2025: the same, only the longest run",
    ),
    (
        _heuristic("hull_complete_ebing_glavas_2025", hull=True, complete_source=True),
        "Ebing & Glavaš 2025: first to last linked word, all words of the entity linked",
    ),
    (
        _matched("ngram_greedy_politov_2025", _GREEDY, _ALIGN),
        "Politov 2025: links counted over n-grams, best pair first",
    ),
    (
        _matched("ner_greedy_politov_2025", _GREEDY, _ALIGN, candidates=_NER),
        "Politov 2025: links counted over spans of a tagger, best pair first",
    ),
    (
        _heuristic("backtranslation_heuristic_politov_2025", route=_BACK),
        "Politov 2025: back-translation, then runs of linked words",
    ),
    (
        _matched("backtranslation_ngram_greedy_politov_2025", _GREEDY, _ALIGN, route=_BACK),
        "Politov 2025: back-translation, then n-grams",
    ),
    (
        _matched(
            "backtranslation_ner_greedy_politov_2025", _GREEDY, _ALIGN, candidates=_NER, route=_BACK
        ),
        "Politov 2025: back-translation, then spans of a tagger",
    ),
    (
        _matched("greedy_align_shkalikov_2025", _GREEDY, _ALIGN),
        "Shkalikov 2025: links counted, best pair first",
    ),
    (
        _matched("ilp_align_shkalikov_2025", _ILP, _ALIGN),
        "Shkalikov 2025: links counted, matched optimally",
    ),
    (
        _matched("ilp_ner_shkalikov_2025", _ILP, _score("ner")),
        "Shkalikov 2025: the tagger's probabilities, matched optimally",
    ),
    (
        _matched("ilp_nmt_shkalikov_2025", _ILP, _score("nmt")),
        "Shkalikov 2025: translation probabilities, matched optimally",
    ),
    (
        _matched("greedy_nmt_shkalikov_2025", _GREEDY, _score("nmt")),
        "Shkalikov 2025: translation probabilities, best pair first",
    ),
    (
        _matched("align_ner_fusion_shkalikov_2025", _ILP, _score("align", 0.5), _score("ner", 0.5)),
        "Shkalikov 2025: links and the tagger's probabilities",
    ),
    (
        _matched(
            "align_ner_span_fusion_shkalikov_2025",
            _ILP,
            _score("align", 0.5),
            _score("ner_span", 0.5),
        ),
        "Shkalikov 2025: links and the tagger's probabilities of any class",
    ),
    (
        _matched("align_nmt_fusion_shkalikov_2025", _ILP, _score("align", 0.5), _score("nmt")),
        "Shkalikov 2025: links and translation probabilities",
    ),
    (
        _matched(
            "ner_span_nmt_fusion_shkalikov_2025", _ILP, _score("ner_span", 0.5), _score("nmt")
        ),
        "Shkalikov 2025: the tagger's and translation probabilities",
    ),
    (
        _matched(
            "all_fusion_shkalikov_2025",
            _ILP,
            _score("align", 0.5),
            _score("ner_span", 0.5),
            _score("nmt"),
        ),
        "Shkalikov 2025: links, tagger and translation probabilities; best on MasakhaNER 2",
    ),
    (
        _matched("t_projection_garcia_ferrero_2023", _GREEDY, _score("nmt")),
        "García-Ferrero 2023, selection step: translation probabilities over n-grams",
    ),
    (
        RunConfig(
            method="easyproject_chen_2023",
            back_translator=_NLLB,
            route=ComponentChoice(name="markers", parameters={"drop_damaged": True}),
            projector=_ILP,
        ),
        "Chen 2023: entities in brackets through the translator; damaged sentences are dropped",
    ),
    (
        RunConfig(
            method="ensemble_ebing_glavas_2025",
            encoder=_MBERT,
            aligner=_AWESOME,
            projector=ComponentChoice(name="heuristic", parameters={"hull": True}),
            tagger=_TAGGER,
            route=ComponentChoice(name="ensemble"),
        ),
        "Ebing & Glavaš 2025: mean of projection and a tagger of the target language",
    ),
    (
        RunConfig(
            method="model_transfer_politov_2025",
            tagger=_TAGGER,
            route=ComponentChoice(name="transfer"),
            projector=_ILP,
        ),
        "Politov 2025: XLM-RoBERTa large of CoNLL-2003 straight on the target sentence",
    ),
)
