"""Ranges and honest gaps: a blank is unknown, never zero, and refining never widens."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from calculator import quantity
from calculator.quantity import EXCLUDED, NOTHING, Confidence, Value, absent, number, unknown

amounts = st.decimals(min_value=0, max_value=10**6, places=2)


@st.composite
def ranges(draw: st.DrawFn) -> Value:
    low, high = sorted([draw(amounts), draw(amounts)])
    return number(low, high)


@st.composite
def refinements(draw: st.DrawFn) -> tuple[Value, Value]:
    """A range and a narrower one inside it."""
    wide = draw(ranges())
    assert wide.high is not None
    a = draw(st.decimals(min_value=wide.low, max_value=wide.high, places=2))
    b = draw(st.decimals(min_value=wide.low, max_value=wide.high, places=2))
    return wide, number(min(a, b), max(a, b))


def inside(narrow: Value, wide: Value) -> bool:
    assert narrow.known and wide.known
    below = wide.high is None or (narrow.high is not None and narrow.high <= wide.high)
    return wide.low <= narrow.low and below


@given(refinements(), refinements())
def test_refining_an_input_never_widens_any_operation(first: tuple[Value, Value], second: tuple[Value, Value]) -> None:
    operations = [
        lambda a, b: quantity.add([a, b]),
        lambda a, b: quantity.minus(a, b),
        lambda a, b: quantity.times([a, b]),
        lambda a, b: quantity.greatest([a, b]),
        lambda a, b: quantity.least([a, b]),
        lambda a, b: quantity.hull([a, b]),
        lambda a, b: quantity.rounded(quantity.add([a, b]), Decimal(10), "half_up"),
    ]
    for operation in operations:
        assert inside(operation(first[1], second[1]), operation(first[0], second[0]))


@given(ranges(), ranges())
def test_the_order_of_terms_never_matters(a: Value, b: Value) -> None:
    for operation in (quantity.add, quantity.greatest, quantity.least, quantity.times):
        assert operation([a, b]) == operation([b, a])


def test_an_unknown_term_leaves_the_known_ones_as_a_lower_limit() -> None:
    total = quantity.add([number(100), unknown("blank:x")])
    assert (total.low, total.high, total.partial) == (Decimal(100), None, True)
    assert total.gaps == {"blank:x"}


def test_a_term_never_asked_stops_the_sum_and_says_which_fact() -> None:
    total = quantity.add([number(100), absent("work[0].paid")])
    assert total.state == "missing" and total.missing == {"work[0].paid"}


def test_an_excluded_deduction_is_never_left_out() -> None:
    assert quantity.minus(number(100), EXCLUDED).state == "excluded"


def test_an_unknown_cap_is_not_ignored() -> None:
    assert quantity.least([number(100), unknown("blank:cap")]).state == "unknown"


def test_the_worst_confidence_of_the_inputs_is_kept() -> None:
    derived = Value(low=Decimal(1), high=Decimal(1), rank=Confidence.derived)
    secondary = Value(low=Decimal(2), high=Decimal(2), rank=Confidence.secondary)
    assert quantity.add([derived, secondary]).rank == Confidence.secondary


def test_division_by_what_may_be_zero_is_unknown() -> None:
    assert quantity.divide(number(1), number(0, 5)).state == "unknown"
    assert quantity.divide(number(10), number(2, 5)) == number(2, 5)


def test_cents_round_half_up() -> None:
    assert quantity.cents(Decimal("2.345")) == "2.35"
    assert quantity.cents(NOTHING.low) == "0.00"


def test_what_may_be_anything_is_open_on_the_side_it_is_taken_from() -> None:
    open_above = Value(low=Decimal(0), high=None)
    below = quantity.minus(number(100), open_above)
    assert (below.low, below.high) == (Decimal("-Infinity"), 100)
    for back in (quantity.minus(number(100), below), quantity.minus(number(100), quantity.minus(open_above, open_above))):
        assert back.high is None
    assert quantity.minus(number(100), below).low == 0
    assert quantity.negate(open_above) == Value(low=Decimal("-Infinity"), high=Decimal(0))
    assert quantity.negate(quantity.negate(open_above)) == open_above
    with_typical = quantity.minus(Value(low=Decimal(100), high=Decimal(100), typical=Decimal(100)), below)
    assert (with_typical.low, with_typical.high) == (0, None)
    assert quantity.cents(quantity.not_below_zero(quantity.minus(number(100), below)).high) is None
