"""Answers kept for the very same value: one that is dear to hash and is asked about repeatedly."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Generic, TypeVar

Value = TypeVar("Value")
Answer = TypeVar("Answer")


class _Same(Generic[Value]):
    """Equal to itself alone, whatever the value's own idea of equality."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.value is self.value


def kept_for_same(most: int) -> Callable[[Callable[[Value], Answer]], Callable[[Value], Answer]]:
    """Keep a function's last answers; the value must not change, and neither must the answer.

    Args:
        most: how many answers, each with the value it belongs to.
    """

    def keeping(function: Callable[[Value], Answer]) -> Callable[[Value], Answer]:
        @lru_cache(maxsize=most)
        def answer(same: _Same[Value]) -> Answer:
            return function(same.value)

        @wraps(function)
        def asked(value: Value) -> Answer:
            return answer(_Same(value))

        return asked

    return keeping
