"""A tiny base model that reads single sentences and pairs, and little data to train it on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.questions import Answer, Context, Question
from core.types import Sentence
from tests.builders import sentence
from tests.tiny_models import bert_config, save_tokenizer

WORDS = ["ada", "ben", "rome", "oslo", "saw", "met", "in", "the", "old", "town", "who", "where"]


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # so small a model is slower on several cores
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_base(tmp_path_factory.mktemp("base"))


def save_base(folder: Path) -> Path:
    import torch
    from tokenizers import Tokenizer, processors
    from transformers import BertModel

    torch.manual_seed(0)
    vocabulary = save_tokenizer(folder, WORDS)
    file = str(folder / "tokenizer.json")
    tokenizer = Tokenizer.from_file(file)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    tokenizer.save(file)
    BertModel(bert_config(vocabulary)).save_pretrained(folder)
    return folder


def people() -> list[Sentence]:
    return [
        sentence(f"{person} saw {place} in the town", "en", (0, 1, "PER"), (2, 3, "LOC"))
        for person in ("ada", "ben")
        for place in ("rome", "oslo")
    ] * 8


def contexts(count: int = 8) -> list[Context]:
    found = []
    for number in range(count):
        person, place = ("ada", "ben")[number % 2], ("rome", "oslo")[number // 2 % 2]
        text = f"{person} saw {place} in the town"
        asked = (
            Question(f"who{number}", "who saw", (Answer(person, 0),)),
            Question(f"where{number}", "where", (Answer(place, text.index(place)),)),
        )
        found.append(Context(text, asked))
    return found


def squad(parts: list[Context]) -> dict[str, Any]:
    paragraphs = [
        {
            "context": one.text,
            "qas": [
                {
                    "id": asked.id,
                    "question": asked.text,
                    "answers": [
                        {"text": answer.text, "answer_start": answer.char_start}
                        for answer in asked.answers
                    ],
                }
                for asked in one.questions
            ],
        }
        for one in parts
    ]
    return {"version": "1.1", "data": [{"title": "", "paragraphs": paragraphs}]}


def write_data(folder: Path) -> tuple[str, str]:
    """Write sentences and questions; return their paths."""
    lines = "ada B-PER\nsaw O\nrome B-LOC\n\nben B-PER\nmet O\nada B-PER\nin O\noslo B-LOC\n\n" * 12
    (folder / "people.conll").write_text(lines, encoding="utf-8")
    (folder / "squad.json").write_text(json.dumps(squad(contexts())), encoding="utf-8")
    return str(folder / "people.conll"), str(folder / "squad.json")
