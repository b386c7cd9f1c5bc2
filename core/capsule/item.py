"""One sentence pair of a capsule: text, decisions, reasons, comparison with gold, links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.capsule.bars import term_bars, term_legend
from core.capsule.markup import Html, foreign, join, table, tag, text
from core.capsule.static import static_text
from core.explain import SentenceStatus, explanation_record, sentence_status
from core.text.languages import describe_language
from core.types import Projection

# What a reader sees of an outcome: a sign beside the colour, and words.
OUTCOMES: Mapping[SentenceStatus, tuple[str, str]] = {
    "as in gold": ("✓", "as in gold"),
    "differs": ("✗", "differs from gold"),
    "failed": ("!", "failed"),
    "no gold": ("–", "no gold to compare with"),
}
_FAILED = "It has no projection. That does not mean that it has no entities."


@dataclass(frozen=True, slots=True)
class CapsuleItem:
    """A sentence pair to put into a capsule.

    Attributes:
        projection: what to show.
        note: what the user has to say of it.
        address: of its live view; shown where it begins with http:// or https://.
    """

    projection: Projection
    note: str = ""
    address: str = ""


def item_section(item: CapsuleItem, number: int, data: Mapping[str, Any], *, alone: bool) -> Html:
    """Return the section of a sentence pair.

    Args:
        item: the pair.
        number: its place in the capsule, from 1.
        data: what the linked view of it is drawn from.
        alone: whether it is the only one.
    """
    projection = item.projection
    record = explanation_record(projection)
    parts = [
        _heading(projection, number, alone=alone),
        _paragraphs(item.note, "note") if item.note else Html(),
        _failure(record),
        _text(data, number),
        _messages(record),
    ]
    if projection.failure is None:
        parts += _decisions(projection, record, data)
    parts += [_diagnosis(record, data), _links(projection, data), live_link(item.address)]
    return tag(
        "section",
        *parts,
        class_="item",
        id=f"s{number}",
        aria_labelledby=f"h{number}",
        data_outcome=record["outcome"],
    )


def outcome_chip(projection: Projection) -> Html:
    """Return a sentence's outcome as a small sign with words."""
    outcome = sentence_status(projection)
    sign, words = OUTCOMES[outcome]
    mark = tag("span", sign, aria_hidden="true")
    return tag("span", mark, f" {words}", class_="chip", data_outcome=outcome)


def live_link(address: str) -> Html:
    """Return a link to a live view; an address that is no web address is no link."""
    if not address.lower().startswith(("http://", "https://")):
        return Html()
    link = tag("a", address, href=address, rel="noopener noreferrer")
    return tag("p", "Live view: ", link, class_="live")


def _heading(projection: Projection, number: int, *, alone: bool) -> Html:
    pair = projection.pair
    name = pair.id or pair.target.id or pair.source.id
    languages = [describe_language(one.language) for one in (pair.source, pair.target) if one.words]
    place = "Sentence" if alone else f"Sentence {number}"
    return tag(
        "header",
        tag(
            "h2",
            place,
            *([" ", tag("small", tag("bdi", name))] if name else []),
            id=f"h{number}",
        ),
        tag("p", " → ".join(languages), class_="languages"),
        outcome_chip(projection),
        class_="item-head",
    )


def _paragraphs(words: str, class_: str) -> Html:
    lines = (line for line in words.splitlines() if line.strip())
    return tag("div", *(tag("p", line, dir="auto") for line in lines), class_=class_)


def _failure(record: Mapping[str, Any]) -> Html:
    failure = record["failure"]
    if failure is None:
        return Html()
    told = f"This sentence failed in the stage {failure['stage']}: {failure['message']} "
    return tag(
        "div",
        tag("p", tag("strong", "Failed. "), told, tag("code", failure["code"]), dir="auto"),
        tag("p", _FAILED),
        class_="failure",
    )


def _text(data: Mapping[str, Any], number: int) -> Html:
    """Return the place of the linked view; without scripts, and on paper, the text stands there."""
    return tag(
        "div",
        tag("div", static_text(data), class_="still"),
        tag("div", class_="live-view"),
        class_="linked-text",
        data_item=str(number - 1),
    )


def _messages(record: Mapping[str, Any]) -> Html:
    notes = [*record["messages"], *filter(None, [record["link_note"]])]
    if record["marked"]:
        notes.append(f"The source as it came back with its markers: “{record['marked']}”")
    if not notes:
        return Html()
    return tag("ul", *(tag("li", one, dir="auto") for one in notes), class_="messages")


def _decisions(
    projection: Projection, record: Mapping[str, Any], data: Mapping[str, Any]
) -> list[Html]:
    decisions = record["decisions"]
    if not decisions:
        source = projection.pair.source
        told = (
            "There is no source sentence: the method looks at the target sentence alone."
            if not source.words
            else "The source sentence has no entities to project."
            if not source.spans
            else "The method decided nothing about the entities of the source sentence."
        )
        return [tag("p", told, class_="quiet")]
    terms = list(record["weights"])
    columns = ["", "Class", "Entity", "Chosen", "Score", *terms]
    columns += ["Runner-up", "Its score", "Margin", "Reason"]
    rows = [_decision_row(one, terms, data) for one in decisions]
    caption = "What became of each source entity" + (
        ". Terms of the score are before weighting." if terms else "."
    )
    reasons = (
        tag(
            "li",
            tag("span", one["letter"], class_="letter"),
            tag("div", tag("p", one["explanation"], dir="auto"), term_bars(projection, place)),
        )
        for place, one in enumerate(decisions)
    )
    return [
        tag("h3", "Decisions"),
        table(columns, rows, caption=caption),
        tag("h3", "Why"),
        term_legend(terms, record["weights"]),
        tag("ul", *reasons, class_="reasons"),
    ]


def _decision_row(
    decision: Mapping[str, Any], terms: Sequence[str], data: Mapping[str, Any]
) -> list[Html | float | None]:
    chosen, runner_up = decision["chosen"], decision["runner_up"]
    scored = chosen is not None and bool(decision["terms"])
    return [
        tag("span", decision["letter"], class_="letter"),
        text(decision["label"]),
        _quoted(decision["entity"]["text"], data["source"]),
        _quoted(chosen["text"], data["target"]) if chosen else tag("em", "not projected"),
        float(decision["score"]) if scored else None,
        *(decision["terms"].get(name) for name in terms),
        _quoted(runner_up["text"], data["target"]) if runner_up else None,
        float(decision["runner_up_score"]) if runner_up else None,
        float(decision["margin"]) if scored else None,
        text(decision["reason"]),
    ]


def _quoted(words: str, side: Mapping[str, Any]) -> Html:
    return foreign(words, side["language"], side["direction"])


def _diagnosis(record: Mapping[str, Any], data: Mapping[str, Any]) -> Html:
    if not record["diagnoses"]:
        return Html()
    target = data["target"]
    rows = [
        [
            text(one["label"]),
            _quoted(one["gold"]["text"], target) if one["gold"] else None,
            _quoted(one["predicted"]["text"], target) if one["predicted"] else None,
            text(str(one["outcome"])),
            text(str(one["stage"] or "")),
            text(one["explanation"]),
        ]
        for one in record["diagnoses"]
    ]
    columns = ["Class", "Gold", "Projected", "Outcome", "Stage", "In words"]
    caption = "Each entity of gold or of the projection, and the stage that made the difference."
    return join([tag("h3", "Compared with gold"), table(columns, rows, caption=caption)])


def _links(projection: Projection, data: Mapping[str, Any]) -> Html:
    alignment = projection.trace.alignment
    if alignment is None or not alignment.links:
        return Html()
    source, target = projection.pair.source, projection.pair.target
    similarity = alignment.similarity
    read = any(word["roman"] for word in data["target"]["words"])
    rows: list[list[Html | float | None]] = [
        [
            _quoted(source.words[link.source], data["source"]),
            _quoted(target.words[link.target], data["target"]),
            *([text(data["target"]["words"][link.target]["roman"])] if read else []),
            None if similarity is None else float(similarity[link.source, link.target]),
            text("sure" if link.sure else "possible"),
        ]
        for link in alignment.links
    ]
    caption = f"{len(rows)} links, by the place of the source word."
    columns = ["Source", "Target", *(["Reading"] if read else []), "Similarity", "Kind"]
    return tag(
        "details",
        tag("summary", f"Word links ({len(rows)})"),
        table(columns, rows, caption=caption),
    )
