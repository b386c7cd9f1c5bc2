"""A sentence pair with its entities marked, as plain HTML: without scripts, and on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from core.capsule.markup import Html, join, tag
from core.text.romanise import romanise_text


def static_text(data: Mapping[str, Any]) -> Html:
    """Return both sentences.

    Args:
        data: what the linked view is drawn from, so that both show the same.
    """
    return join(_sentence(data[side]) for side in ("source", "target") if data[side]["words"])


def _sentence(sentence: Mapping[str, Any]) -> Html:
    heading = tag("p", tag("strong", sentence["title"]), f" {sentence['note']}", class_="side")
    words = tag(
        "p",
        *_stretches(sentence["words"]),
        class_="sentence",
        lang=sentence["language"],
        dir=sentence["direction"],
    )
    return join([heading, words, _reading(sentence)])


def _reading(sentence: Mapping[str, Any]) -> Html:
    """Return the sentence in Latin letters, where it is written in others."""
    if not any(word["roman"] for word in sentence["words"]):
        return Html()
    text = "".join(word["gap"] + word["text"] for word in sentence["words"])
    reading = romanise_text(text, sentence["language"])
    return tag("p", reading, class_="reading", lang=f"{sentence['language']}-Latn", dir="ltr")


def has_readings(data: Mapping[str, Any]) -> bool:
    """Tell whether any word of a pair has a reading in Latin letters."""
    return any(word["roman"] for side in ("source", "target") for word in data[side]["words"])


def _stretches(words: Sequence[Mapping[str, Any]]) -> Iterator[Html]:
    """Yield marked and unmarked runs of words: words of one entity share one element."""
    place = 0
    while place < len(words):
        end = place + 1
        while end < len(words) and _goes_on(words[end]):
            end += 1
        yield _stretch(words[place:end])
        place = end


def _goes_on(word: Mapping[str, Any]) -> bool:
    """Tell whether a word belongs to the entity of the word before it."""
    inside = word["style"] and not word["first"]
    inside_gold = word["gold"] and not word["gold_first"]
    begins = (word["style"] and word["first"]) or (word["gold"] and word["gold_first"])
    return bool(inside or inside_gold) and not begins


def _stretch(words: Sequence[Mapping[str, Any]]) -> Html:
    first = words[0]
    gap = Html(escape(first["gap"]))
    word = Html(escape(first["text"]))
    rest = Html(escape("".join(one["gap"] + one["text"] for one in words[1:])))
    if not any(one["style"] or one["gold"] for one in words):
        return join([gap, word, rest])
    badges = (
        tag("span", one["text"], class_=f"badge {one['kind']}", dir="ltr")
        for one in first["badges"]
    )
    return join(
        [
            gap,
            tag(
                "mark",
                tag("span", *badges, word, class_="unit"),  # both on one line
                rest,
                data_style=first["style"] or None,
                data_gold=first["gold"] or None,
            ),
        ]
    )
