"""What came of a run: all sentences, one of them in full, scores, and files to take away."""

from __future__ import annotations

import streamlit as st

from core.config import RunConfig
from core.evaluate.markers import count_markers
from core.evaluate.spans import score_projections
from core.explain import entity_letter, explanation_record, sentence_status
from core.export import ExportFormat, projection_bytes
from core.linked_text import class_styles, decision_of, direction
from core.types import Projection
from pages.sections import capsule, details, story
from pages.widgets import marked_text, state, tables

LIST, ONE, SCORES, DOWNLOAD = "Sentences", "One sentence", "Scores", "Download"
_PER_PAGE = 10
_LABEL_LENGTH = 90
_ALL, _WITH, _WITHOUT = "all", "with entities", "without entities"
_FAILED, _DIFFERS = "failed", "different from gold"


def show_run(run: state.Run, *, page: str) -> None:
    """Show a run.

    Args:
        run: from `state.run_stages`.
        page: first part of the widget keys.
    """
    if st.session_state.get(f"{page}.shown") != run.key:
        # Set anew even where it stays 1: the browser would keep the old sentence's text in the box.
        st.session_state[f"{page}.sentence"] = 1
        st.session_state[f"{page}.shown"] = run.key
    _show_summary(run, page=page)
    shown = st.tabs([LIST, ONE, SCORES, DOWNLOAD], on_change="rerun", key=f"{page}.tabs")
    for tab, show in zip(shown, (_show_list, _show_one, _show_scores, _show_files), strict=True):
        # A tab's content is made when the tab is opened.
        if tab.open:
            with tab:
                show(run, page)


def _show_summary(run: state.Run, *, page: str) -> None:
    projections = run.projections
    failed = sum(one.failure is not None for one in projections)
    entities = sum(len(one.spans) for one in projections if one.failure is None)
    told = f"Sentences: {len(projections)}, entities: {entities}, failed: {failed}."
    if failed:
        told += " A failed sentence has no projection; that does not mean it has no entities."
    tables.show_texts([told], key=f"{page}.summary", tone="error" if failed else "note")
    markers = count_markers(projections)
    if markers is not None:
        counted = (
            f"Markers that did not come back from translation: {markers.lost} of "
            f"{markers.entities}, in {markers.damaged} of {markers.sentences} sentences; "
            f"sentences dropped for it: {markers.dropped}."
        )
        tone: tables.Tone = "warning" if markers.lost else "note"
        tables.show_texts([counted], key=f"{page}.markers", tone=tone)
    tables.show_texts(run.notes, key=f"{page}.run_notes", tone="warning")


def _show_list(run: state.Run, page: str) -> None:
    """Show the sentences with their entities, some at a time; each opens in full."""
    projections = run.projections
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    query = left.text_input(
        "Search text and translation", key=f"{page}.search", type="search", persist_state="session"
    )
    gold = any(projection.pair.has_gold for projection in projections)
    kind = right.selectbox(
        "Show",
        [_ALL, _WITH, _WITHOUT, _FAILED, *([_DIFFERS] if gold else [])],
        key=f"{page}.kind",
        persist_state="session",
    )
    numbers = [
        number
        for number, projection in enumerate(projections, start=1)
        if _is_kind(projection, kind) and _holds(projection, query)
    ]
    if not numbers:
        tables.show_texts(["No sentence fits."], key=f"{page}.nothing", tone="note")
        return
    pages = -(-len(numbers) // _PER_PAGE)
    place = 1
    if pages > 1:
        place = st.pagination(pages, key=f"{page}.page.{pages}", persist_state="session")
    first = (place - 1) * _PER_PAGE
    st.caption(
        f"{first + 1} to {min(first + _PER_PAGE, len(numbers))} of {len(numbers)}. "
        "A number opens its sentence in full."
    )
    styles = class_styles(span.label for one in projections for span in one.spans)
    for number in numbers[first : first + _PER_PAGE]:
        _show_row(projections[number - 1], number, styles, page=page)


def _is_kind(projection: Projection, kind: str) -> bool:
    match kind:
        case "failed":
            return projection.failure is not None
        case "with entities":
            return projection.failure is None and bool(projection.spans)
        case "without entities":
            return projection.failure is None and not projection.spans
        case "different from gold":
            return sentence_status(projection) == "differs"
        case _:
            return True


def _holds(projection: Projection, query: str) -> bool:
    pair = projection.pair
    return (
        query.casefold().strip() in f"{pair.id}\n{pair.source.text}\n{pair.target.text}".casefold()
    )


def _show_row(projection: Projection, number: int, styles: dict[str, str], *, page: str) -> None:
    def open_it() -> None:
        st.session_state[f"{page}.sentence"] = number
        st.session_state[f"{page}.tabs"] = ONE

    with st.container(horizontal=True, gap="small", vertical_alignment="top"):
        st.button(
            str(number), key=f"{page}.open.{number}", on_click=open_it, type="tertiary", width=34
        )
        marked_text.show_marked(
            projection.pair.target,
            [] if projection.failure is not None else _marks(projection, styles),
            direction=direction(projection.pair.target.language),
            key=f"{page}.row.{number}",
            below=_second_lines(projection),
        )


def _second_lines(projection: Projection) -> str:
    """Return the translation and why the sentence failed, as far as there are such."""
    source, failure = projection.pair.source, projection.failure
    lines = ""
    if source.words:
        attributes = {"lang": source.language, "dir": direction(source.language)}
        lines = marked_text.second_line(source.text, attributes, tone="translation")
    if failure is not None:
        told = f"failed in {failure.stage}: {failure.message}"
        lines += marked_text.second_line(told, {"dir": "auto"}, tone="failed")
    return lines


def _marks(projection: Projection, styles: dict[str, str]) -> list[marked_text.Mark]:
    marks = []
    for span in projection.spans:
        decision = decision_of(projection, span)
        letter = "" if decision is None else f"{entity_letter(decision.entity)} "
        marks.append(marked_text.Mark(span, styles[span.label], f"{letter}{span.label}"))
    return marks


def _show_one(run: state.Run, page: str) -> None:
    """Show one sentence: its translation, the entities on both sides, and why."""
    projections = run.projections
    key = f"{page}.sentence"
    numbers = list(range(1, len(projections) + 1))

    def label(number: int) -> str:
        return f"{number} · {projections[number - 1].pair.target.text[:_LABEL_LENGTH]}"

    def step(by: int) -> None:
        st.session_state[key] = (st.session_state[key] - 1 + by) % len(numbers) + 1

    left, middle, right = st.columns([6, 1.5, 1.5], vertical_alignment="bottom", wrap=False)
    number = left.selectbox(
        f"Sentence (1 to {len(numbers)})",
        numbers,
        format_func=label,
        key=key,
        persist_state="session",
    )
    for column, name, by, shortcut in ((middle, "Previous", -1, "K"), (right, "Next", 1, "J")):
        column.button(
            name,
            key=f"{page}.{name.lower()}",
            on_click=step,
            args=(by,),
            shortcut=shortcut,
            width="stretch",
        )
    projection = projections[number - 1]
    record = explanation_record(projection)
    story.show_story(projection, record, page=page)
    with st.expander("Timings, and this sentence as a file", key=f"{page}.expander.details"):
        details.show_details(projection, record, page=page)


def _show_scores(run: state.Run, page: str) -> None:
    if not any(projection.pair.has_gold for projection in run.projections):
        tables.show_texts(
            ["There are no gold entities to compare with: the text came without labels."],
            key=f"{page}.no_gold",
            tone="note",
        )
        return
    report = score_projections(run.projections).as_dict()
    failures = report["failures"]
    rows: list[list[tables.Cell]] = [
        [
            label,
            *(100 * score[name] for name in ("f1", "precision", "recall")),
            *(score[name] for name in ("support", "predicted", "correct")),
        ]
        for label, score in {**report["per_label"], "all": report["overall"]}.items()
    ]
    tables.show_table(
        ["Class", "F1", "Precision", "Recall", "Gold", "Projected", "Right"],
        rows,
        caption="In percent, and counted in entities; right: the same words and the same class. "
        + (f"Failed sentences miss all their gold entities: {failures}." if failures else ""),
        key=f"{page}.scores",
    )


def _show_files(run: state.Run, page: str) -> None:
    language = run.projections[0].pair.target.language
    forms: tuple[tuple[ExportFormat, str, str], ...] = (
        ("conll", "CoNLL: words and tags", "text/plain"),
        ("jsonl", "JSONL: every decision", "application/jsonl"),
    )
    for form, label, mime in forms:
        export = projection_bytes(run.projections, form=form)
        counts = export.counts
        st.download_button(
            label,
            export.content,
            file_name=f"projected.{language}.{form}",
            mime=mime,
            on_click="ignore",
            key=f"{page}.download_{form}",
        )
        held = f"Sentences: {counts.sentences}, entities: {counts.entities}"
        if not counts.failed:
            st.caption(f"{held}.")
        elif export.failed is None:
            st.caption(f"{held}; failed, and marked as such: {counts.failed}.")
        else:
            st.caption(f"{held}; failed, left out and listed here: {counts.failed}.")
            st.download_button(
                "The failed sentences (JSONL)",
                export.failed,
                file_name=f"projected.{language}.failed.jsonl",
                mime="application/jsonl",
                on_click="ignore",
                key=f"{page}.download_failed",
            )
    tables.show_heading("Capsule: to present, or to send to a colleague")
    capsule.show_capsule(
        run.projections,
        RunConfig.model_validate_json(run.key[0]),
        page=page,
        name=run.signature.partition("|")[0].removeprefix("corpus:"),
    )
    st.caption("What these results depend on:")
    with st.container(key=f"{page}.signature"):
        st.code(run.signature, language=None, wrap_lines=True)
