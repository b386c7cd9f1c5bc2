"""One sentence of a comparison: what every run made of it, side by side with gold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.evaluate.gold import keep_labels
from core.explain import entity_letter
from core.linked_text import class_styles, direction
from core.methods import named_methods
from core.overview.concordance import entity_of
from core.overview.disagreement import Survey
from core.overview.outcomes import CorpusRun, SentenceOutcome
from core.overview.rows import Cell, EntityRow, align_rows
from core.types import Sentence, SentencePair, Span
from pages.sections import compare_maps
from pages.sections.corpus_choice import CorpusPlace
from pages.widgets import addresses, marked_text, tables

# What the inspector would otherwise remember of an earlier visit.
_INSPECTOR = (
    "mode", "corpus", "source", "target", "split", "sentence", "method", "search", "only_errors",
    "shown",
)  # fmt: skip


def show_sentence(
    runs: Mapping[str, CorpusRun], found: Survey, place: CorpusPlace, number: int
) -> None:
    """Show a sentence under every run.

    Args:
        runs: the runs.
        found: the same, compared.
        place: the corpus.
        number: the sentence, from 1.
    """
    outcomes = {name: run.outcomes[number - 1] for name, run in runs.items()}
    rows = align_rows(runs, number, found.labels)
    pair = next(iter(outcomes.values())).pair
    styles = class_styles(
        span.label
        for one in outcomes.values()
        for span in (*one.spans, *one.pair.source.spans, *one.pair.target.spans)
    )
    same_source = len({one.pair.source.text for one in outcomes.values()}) == 1
    if same_source and pair.source.words:
        _show_source(pair.source, styles, key="compare.source_text")
    _show_rows(runs, rows, pair)
    _show_texts(outcomes, found, place, number, styles, with_source=not same_source)
    if rows:
        # Drawn when it is opened: the table says the same, and charts slow down every step.
        area = st.expander("As a map", on_change="rerun", key="compare.expander.sentence_map")
        if area.open:
            with area:
                compare_maps.show_sentence_map(runs, rows, pair)


def _show_source(sentence: Sentence, styles: Mapping[str, str], *, key: str) -> None:
    marks = [
        marked_text.Mark(span, styles[span.label], f"{entity_letter(entity)} {span.label}")
        for entity, span in enumerate(sentence.spans)
    ]
    marked_text.show_marked(sentence, marks, direction=direction(sentence.language), key=key)


def _show_rows(
    runs: Mapping[str, CorpusRun], rows: Sequence[EntityRow], pair: SentencePair
) -> None:
    if not rows:
        told = "No run that worked found an entity here"
        told = f"{told}, and gold has none." if pair.has_gold else f"{told}."
        tables.show_texts([told], key="compare.no_entities", tone="note")
        return
    table: list[list[tables.Cell]] = []
    for place, row in enumerate(rows, start=1):
        name, text = compare_maps.row_name(row, pair, place)
        gold: list[tables.Cell] = [_gold_cell(row, pair)] if pair.has_gold else []
        cells = [_run_cell(cell, pair) for cell in row.cells]
        table.append([name, text, *gold, *cells])
    tables.show_table(
        ["", "Entity", *(["Gold"] if pair.has_gold else []), *runs],
        table,
        caption="What each run has for each entity. "
        "✓ as gold, ≠ other than gold, – missing, + spurious, ! failed.",
        key="compare.entities",
    )


def _gold_cell(row: EntityRow, pair: SentencePair) -> tables.Cell:
    return _texts(row.gold, pair), _labels(row.gold) or "none"


def _run_cell(cell: Cell, pair: SentencePair) -> tables.Cell:
    """Show a run's spans with a symbol; the class is told where it is not gold's."""
    kind, spans = cell
    symbol = compare_maps.SYMBOLS[kind]
    told = {"missing": "missing", "failed": "failed", "empty": "none"}.get(kind, "")
    labels = "" if kind == "as gold" else _labels(spans)
    return _texts(spans, pair), " ".join(filter(None, [symbol, told or labels]))


def _texts(spans: Sequence[Span], pair: SentencePair) -> str:
    return " | ".join(map(pair.target.text_of, spans))


def _labels(spans: Sequence[Span]) -> str:
    return "/".join(dict.fromkeys(span.label for span in spans))


def _show_texts(
    outcomes: Mapping[str, SentenceOutcome],
    found: Survey,
    place: CorpusPlace,
    number: int,
    styles: Mapping[str, str],
    *,
    with_source: bool,
) -> None:
    """Show the target sentence once for gold and once for every run, some side by side."""
    names = list(outcomes)
    pair = outcomes[names[0]].pair
    blocks: list[str | None] = [None, *names] if pair.has_gold else [*names]
    across = 2 if len(blocks) in (2, 4) else 3
    for first in range(0, len(blocks), across):
        for column, name in zip(st.columns(across), blocks[first : first + across], strict=False):
            with column, st.container(border=True):
                if name is None:
                    gold = keep_labels(pair.target.spans, found.labels)
                    st.markdown("**Gold**")
                    _show_marked(pair.target, gold, styles, None, key="compare.gold_text")
                else:
                    _show_run(name, outcomes[name], found, number, styles, with_source=with_source)
                    _show_link(name, place, number)


def _show_run(
    name: str,
    outcome: SentenceOutcome,
    found: Survey,
    number: int,
    styles: Mapping[str, str],
    *,
    with_source: bool,
) -> None:
    key = f"compare.text.{name}"
    share = found.against_gold[number - 1, found.names.index(name)]
    told = f"{name}"
    if outcome.failure is not None:
        told += " · failed"
    elif outcome.pair.has_gold:
        told += f" · F1 {100 * share:.0f}"
    tables.show_texts([told], key=f"{key}.name")
    if with_source and outcome.pair.source.words:
        _show_source(outcome.pair.source, styles, key=f"{key}.source")
    if outcome.failure is not None:
        failure = outcome.failure
        tables.show_texts(
            [
                f"Failed in {failure.stage}: {failure.message}",
                "It has no projection. That does not mean that it has no entities.",
            ],
            key=f"{key}.failure",
            tone="error",
        )
        return
    spans = keep_labels(outcome.spans, found.labels)
    _show_marked(outcome.pair.target, spans, styles, outcome, key=key)
    if not spans:
        tables.show_texts(["No entities."], key=f"{key}.none")


def _show_marked(
    sentence: Sentence,
    spans: Sequence[Span],
    styles: Mapping[str, str],
    outcome: SentenceOutcome | None,
    *,
    key: str,
) -> None:
    marks = []
    for span in spans:
        entity = None if outcome is None else entity_of(outcome, span)
        letter = "" if entity is None else f"{entity_letter(entity)} "
        verdict = ""
        if outcome is not None and outcome.pair.has_gold:
            verdict = " ✓" if span in outcome.pair.target.spans else " ✗"
        badge = f"{letter}{span.label}{verdict}"
        marks.append(marked_text.Mark(span, styles[span.label], badge))
    marked_text.show_marked(sentence, marks, direction=direction(sentence.language), key=key)


def _show_link(name: str, place: CorpusPlace, number: int) -> None:
    """Offer to open the sentence in the inspector, where the run is a method."""
    if name not in named_methods():
        return
    if st.button(
        "Open in the inspector",
        key=f"compare.inspect.{name}",
        icon=":material/search:",
        type="tertiary",
    ):
        open_inspector(place, number, name)


def open_inspector(place: CorpusPlace, number: int, method: str) -> None:
    """Go to a sentence in the inspector; what it remembers of an earlier visit is dropped.

    Args:
        place: the corpus.
        number: the sentence, from 1.
        method: name of the method.
    """
    addresses.forget_choices("inspector", _INSPECTOR)
    values = dict(zip(("corpus", "source", "target", "split"), place, strict=True))
    address = {**values, "sentence": str(number), "method": method}
    st.switch_page(
        "pages/inspector.py",
        query_params={name: value for name, value in address.items() if value},
    )
