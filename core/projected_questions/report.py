"""What became of the answers of a whole file, as a file and as figures."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.projected_questions import AnswerFate, ProjectedContext
from core.text.files import write_lines


def count_fates(done: Sequence[ProjectedContext]) -> dict[str, Any]:
    """Count questions and answers by what became of them, ready for JSON.

    A question is `projected` with all its answers, in `part`, or `lost` with all of them.
    """
    answers = [fate for one in done for fate in one.fates]
    lost = Counter(f"{fate.stage}/{fate.code}" for fate in answers if fate.is_lost)
    questions = Counter(_state(fates) for fates in _by_question(done))
    return {
        "contexts": len(done),
        "failed_contexts": sum(one.context is None for one in done),
        "questions": questions.total(),
        "projected": questions["projected"],
        "part": questions["part"],
        "lost": questions["lost"],
        "answers": len(answers),
        "projected_answers": sum(not fate.is_lost for fate in answers),
        "lost_answers": dict(lost.most_common()),
        "widened": sum("widened" in fate.message for fate in answers if not fate.is_lost),
    }


def write_report(path: Path, signature: str, done: Sequence[ProjectedContext]) -> None:
    """Write counts, then every answer with what became of it, a line each.

    Raises:
        DataError: the file cannot be written (code file-not-writable).
    """
    records: list[dict[str, Any]] = [{"signature": signature, **count_fates(done)}]
    for place, one in enumerate(done):
        for fate in one.fates:
            status = "lost" if fate.is_lost else "projected"
            records.append({"context": place, "status": status, **fate.as_dict()})
    write_lines(path, (json.dumps(record, ensure_ascii=False) for record in records))


def _by_question(done: Sequence[ProjectedContext]) -> list[list[AnswerFate]]:
    groups: dict[str, list[AnswerFate]] = {}
    for one in done:
        for fate in one.fates:
            groups.setdefault(fate.question_id, []).append(fate)
    return list(groups.values())


def _state(fates: Sequence[AnswerFate]) -> str:
    lost = sum(fate.is_lost for fate in fates)
    return "projected" if not lost else "lost" if lost == len(fates) else "part"
