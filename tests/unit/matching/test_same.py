from core.matching.same import kept_for_same


def test_equal_values_are_not_the_same_value() -> None:
    asked: list[tuple[float, ...]] = []

    @kept_for_same(2)
    def total(values: tuple[float, ...]) -> float:
        asked.append(values)
        return sum(values)

    first, equal, third = ((1.0, float(last)) for last in (2, 2, 3))
    assert [total(one) for one in (first, equal, first, equal)] == [3.0] * 4
    assert len(asked) == 2
    assert asked[0] is first
    assert asked[1] is equal
    assert total(third) == 4.0
    total(first)  # the least recently asked had to go
    assert len(asked) == 4
