"""Writing questions in the form of SQuAD 1.1."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from core.questions import Context
from core.text.files import write_lines


def write_squad(path: Path, contexts: Sequence[Context]) -> None:
    """Write contexts with their questions; neighbours of one title are an article.

    Raises:
        DataError: the file cannot be written (code file-not-writable), or a text is not valid
            Unicode (bad-value).
    """
    data = [
        {"title": title, "paragraphs": [_paragraph(one) for one in article]}
        for title, article in groupby(contexts, key=lambda context: context.title)
    ]
    write_lines(path, [json.dumps({"version": "1.1", "data": data}, ensure_ascii=False)])


def _paragraph(context: Context) -> dict[str, Any]:
    return {
        "context": context.text,
        "qas": [
            {
                "id": question.id,
                "question": question.text,
                "answers": [
                    {"text": answer.text, "answer_start": answer.char_start}
                    for answer in question.answers
                ],
            }
            for question in context.questions
        ],
    }
