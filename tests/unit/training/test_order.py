"""The order of data: by seed and epoch alone, with parts as often as their weight says."""

from __future__ import annotations

from collections import Counter

import pytest

from core.training.ner import Example
from core.training.order import Order, Part


def _examples(first: int, count: int) -> list[Example]:
    return [Example((number,) * (1 + number % 7), ()) for number in range(first, first + count)]


def _order(seed: int = 1, weight: float = 1.0) -> Order[Example]:
    return Order([Part(_examples(0, 10)), Part(_examples(100, 6), weight)], 4, seed)


def test_a_batch_does_not_depend_on_what_was_asked_before() -> None:
    forward, jumping = _order(), _order()
    seen = [forward.at(number) for number in range(12)]
    assert [jumping.at(number) for number in (9, 2, 5, 9)] == [seen[n] for n in (9, 2, 5, 9)]


def test_an_epoch_has_every_example_once_and_another_order() -> None:
    order = _order()
    assert order.per_epoch == 4
    epochs = [[one for number in range(4) for one in order.at(4 * e + number)] for e in (0, 1)]
    for epoch in epochs:
        assert sorted(one.ids for one in epoch) == sorted(
            one.ids for one in (*_examples(0, 10), *_examples(100, 6))
        )
    assert epochs[0] != epochs[1]
    assert _order(seed=2).at(0) != _order(seed=1).at(0) or _order(2).at(1) != _order(1).at(1)


@pytest.mark.parametrize(("weight", "size"), [(0.5, 3), (1.0, 6), (2.5, 15)])
def test_weights_say_how_often_examples_are_seen(weight: float, size: int) -> None:
    order = _order(weight=weight)
    for epoch in range(3):
        numbers = range(epoch * order.per_epoch, (epoch + 1) * order.per_epoch)
        counts = Counter(one.ids[0] for number in numbers for one in order.at(number))
        assert all(counts[number] == 1 for number in range(10))
        of_second = [counts[number] for number in range(100, 106)]
        assert sum(of_second) == size
        assert max(of_second) - min(of_second) <= 1


def test_batches_hold_examples_of_like_length() -> None:
    order = Order([Part(_examples(0, 70))], 10, 1)
    spreads = []
    for number in range(order.per_epoch):
        lengths = [len(one.ids) for one in order.at(number)]
        spreads.append(max(lengths) - min(lengths))
    assert sorted(spreads)[-2] <= 3
