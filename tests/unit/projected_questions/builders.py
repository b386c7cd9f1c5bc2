"""Contexts, and a method without a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.errors import BackendError
from core.methods import method
from core.pipeline import Pipeline
from core.projected_questions import Request
from core.projected_questions.carrying import Carrier
from core.questions import Answer, Context, Question
from tests.builders import SameWords


def context(text: str, **answers: str | Sequence[str]) -> Context:
    """Build a context with one question an argument, asked as its name."""
    questions = []
    for name, given in answers.items():
        texts = [given] if isinstance(given, str) else given
        found = tuple(Answer(one, text.index(one)) for one in texts)
        questions.append(Question(name, f"who is {name}", found))
    return Context(text, tuple(questions), "T")


def carrier(method_name: str = "heuristic") -> Carrier:
    """Make a carrier that links words written alike."""
    config = method(method_name)
    pipeline = replace(Pipeline.from_config(config), aligner=SameWords(), encoder=None)
    return Carrier(config, Request("en", "es"), pipeline)


@dataclass
class Backwards:
    """Turns the words round and upper-cases what it is told to; breaks off at some texts."""

    renamed: Mapping[str, str] = field(default_factory=dict)
    broken: tuple[str, ...] = ()
    calls: list[list[str]] = field(default_factory=list)

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        self.calls.append(list(texts))
        if any(bad in text for text in texts for bad in self.broken):
            raise BackendError("it broke off", code="text-refused")
        return [self._turn(text) for text in texts]

    def _turn(self, text: str) -> str:
        words = text.removesuffix(".").split()
        return " ".join(self.renamed.get(word, word) for word in reversed(words)) + "."

    def release(self) -> None:
        """Hold nothing."""
