"""Prodigy: its tokens put together by spaCy, and every span asked for by characters.

Prodigy is not on the public registry. It shows a task by making a spaCy document of its tokens and
refuses spans that `char_span` cannot lay onto them.
"""

from __future__ import annotations

import json
from typing import Any

from core.exchange.checks import Reread, Seen, SeenSpan, WrittenFile, versioned


def reread(file: WrittenFile) -> Reread:
    """Read tasks, their spans by characters."""
    import spacy

    vocab = spacy.blank("xx").vocab
    tasks = [json.loads(line) for line in file.content.decode().split("\n") if line]
    return Reread(
        tuple(_task(task, vocab) for task in tasks),
        "characters",
        f"{versioned('spacy')} (char_span)",
    )


def _task(task: dict[str, Any], vocab: Any) -> Seen:
    from spacy.tokens import Doc

    tokens = task["tokens"]
    doc = Doc(vocab, [token["text"] for token in tokens], [token["ws"] for token in tokens])
    problem = "" if doc.text == task["text"] else "the tokens do not make up the text"
    spans = []
    for item in task["spans"]:
        span = doc.char_span(item["start"], item["end"], label=item["label"])
        if span is None:
            continue
        if (span.start, span.end - 1) != (item["token_start"], item["token_end"]):
            problem = f"a span's tokens are not at its characters: {item}"
        spans.append(SeenSpan(span.start_char, span.end_char, span.label_, span.text))
    words = tuple(token.text for token in doc if not token.is_space)
    return Seen(tuple(spans), words, doc.text, problem)
