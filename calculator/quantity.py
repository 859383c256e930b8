"""Numbers as the law leaves them: a range, how sure it is, and what is missing.

A `Value` is one of four states:

- `known`: `low` and `high` hold the range (`high` None = no known upper limit);
- `missing`: a fact was never asked, so nothing is computed (`missing` names the facts);
- `unknown`: the law's figure is not known (`gaps` says which): a blank is unknown, never zero;
- `excluded`: the figure is known, but less sure than the pass that is being worked out (see `Pass`).

Every operation is inclusion-isotone: a narrower input never gives a wider result. That is what makes
"refining a *don't know* never widens a range" true by construction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, DefaultContext, getcontext
from enum import IntEnum
from math import prod
from typing import Literal, NamedTuple

#: Forty digits: splitting a week or a month into days stays exact far below a cent. The default context
#: is what threads started later get; the present one is that of the importing thread.
DefaultContext.prec = 40
getcontext().prec = 40
ZERO, ONE = Decimal(0), Decimal(1)
#: More than any amount, where one without an upper end is to come before all others.
ENDLESS = Decimal(10) ** 30

State = Literal["known", "missing", "unknown", "excluded"]


class Confidence(IntEnum):
    """How sure a figure is, best first (`contract.md`)."""

    official = 0
    derived = 1
    secondary = 2
    unverified = 3


#: Several confidences, as bits of a number: `1 << rank` for each. One pass gathers hundreds, and makes no set for any.
Ranks = int


_EACH: tuple[tuple[Confidence, ...], ...] = tuple(
    tuple(rank for rank in Confidence if ranks >> rank & 1) for ranks in range(1 << len(Confidence))
)


def each_of(ranks: Ranks) -> tuple[Confidence, ...]:
    """Each of them, best first."""
    return _EACH[ranks]


def worst_of(ranks: Ranks) -> Confidence:
    """The worst of them; `official` for none."""
    return _EACH[ranks][-1] if ranks else Confidence.official


class Value(NamedTuple):
    """One number on its way through a formula. Money in whole currency units, durations as named."""

    state: State = "known"
    low: Decimal = ZERO
    high: Decimal | None = ZERO
    typical: Decimal | None = None
    rank: Confidence = Confidence.official
    missing: frozenset[str] = frozenset()
    gaps: frozenset[str] = frozenset()
    partial: bool = False
    stale_since: date | None = None

    @property
    def known(self) -> bool:
        return self.state == "known"

    @property
    def exact(self) -> bool:
        return self.state == "known" and self.low == self.high


#: Values are made by the thousand: straight from the tuple, without the call that fills in defaults, in half the time.
_new = tuple.__new__
_NO_NAMES: frozenset[str] = frozenset()


def number(low: Decimal | int | str, high: Decimal | int | str | None = "same") -> Value:
    """A sure number, or a range of two."""
    first = Decimal(low)
    second = first if high == "same" else (None if high is None else Decimal(high))
    return Value(low=first, high=second)


NOTHING = Value()


def exactly(amount: Decimal) -> Value:
    """A sure number, without a range."""
    return _new(Value, ("known", amount, amount, None, Confidence.official, _NO_NAMES, _NO_NAMES, False, None))


def _sure(amount: Decimal, rank: Confidence) -> Value:
    """One number, with nothing missing."""
    return _new(Value, ("known", amount, amount, None, rank, _NO_NAMES, _NO_NAMES, False, None))


def absent(*facts: str) -> Value:
    return _new(Value, ("missing", ZERO, ZERO, None, Confidence.official, frozenset(facts), _NO_NAMES, False, None))


def unknown(*gaps: str) -> Value:
    return Value(state="unknown", gaps=frozenset(gaps))


EXCLUDED = Value(state="excluded")


def carry(result: Value, inputs: Iterable[Value]) -> Value:
    """Give `result` what its inputs bring along: worst confidence, missing facts, gaps, staleness."""
    state, low, high, typical, rank, missing, gaps, partial, stale = result
    changed = False
    for value in inputs:
        their_state, _, _, _, their_rank, their_missing, their_gaps, their_partial, their_stale = value
        if their_rank > rank and their_state == "known":
            rank, changed = their_rank, True
        if their_missing and not their_missing <= missing:
            missing, changed = missing | their_missing, True
        if their_gaps and not their_gaps <= gaps:
            gaps, changed = gaps | their_gaps, True
        if their_partial and not partial:
            partial = changed = True
        if their_stale is not None and (stale is None or their_stale < stale):
            stale, changed = their_stale, True
    return _new(Value, (state, low, high, typical, rank, missing, gaps, partial, stale)) if changed else result


def awaiting(value: Value, facts: frozenset[str] | set[str]) -> Value:
    """The value, which also waits for facts that were never asked."""
    return value if facts <= value.missing else _new(Value, (*value[:5], value.missing | facts, *value[6:]))


#: Which state wins when an operation needs all its inputs, and what it then comes to.
_STRENGTH: dict[State, int] = {"known": 0, "excluded": 1, "unknown": 2, "missing": 3}
_STOPS: dict[State, Value] = {"excluded": EXCLUDED, "unknown": Value(state="unknown"), "missing": Value(state="missing")}


def blocked(values: Sequence[Value]) -> Value | None:
    """The reason why an operation that needs all of `values` cannot be worked out, or None."""
    worst, strength, alone = NOTHING, 0, True
    for value in values:
        theirs = _STRENGTH[value.state]
        if theirs > strength:
            worst, strength, alone = value, theirs, alone and not strength
        elif value is not NOTHING:
            alone = False
    if not strength:
        return None
    return worst if alone and not worst.rank else carry(_STOPS[worst.state], values)


def _single(values: Sequence[Value]) -> tuple[list[Decimal], Confidence] | None:
    """The numbers and their worst confidence, where each is one sure number with nothing missing; nearly all are, and what
    ranges need takes three times as long."""
    worst = Confidence.official
    numbers: list[Decimal] = []
    for state, low, high, typical, rank, missing, gaps, partial, stale in values:
        if state != "known" or typical is not None or missing or gaps or partial or stale is not None or (low is not high and low != high):
            return None
        numbers.append(low)
        if rank > worst:
            worst = rank
    return numbers, worst


def lift(function: Callable[[list[Decimal]], Decimal], values: list[Value]) -> Value:
    """Apply a function that grows with every input to both ends of the ranges. Needs every input."""
    single = _single(values)
    if single is not None:
        return _sure(function(single[0]), single[1])
    stop = blocked(values)
    if stop is not None:
        return stop
    highs = [v.high for v in values if v.high is not None]
    typical = None
    if any(v.typical is not None for v in values) and all(v.typical is not None or v.exact for v in values):
        typical = function([v.low if v.typical is None else v.typical for v in values])
    high = function(highs) if len(highs) == len(values) else None
    return carry(Value("known", function([v.low for v in values]), high, typical), values)


def _sum(amounts: list[Decimal]) -> Decimal:
    return sum(amounts, ZERO)


def _known_and_not(values: list[Value]) -> tuple[list[Value], list[Value]]:
    for value in values:
        if value.state != "known":
            break
    else:
        return values, []
    return [v for v in values if v.state == "known"], [v for v in values if v.state != "known"]


def add(values: list[Value]) -> Value:
    """A sum. A term whose figure is unknown leaves the rest standing as a lower limit, marked partial;
    a term that this pass excludes is left out, marked partial; a term never asked stops the sum."""
    if len(values) == 1 and values[0].state == "known":
        return values[0]
    single = _single(values)
    if single is not None:
        return _sure(sum(single[0], ZERO), single[1])
    known, rest = _known_and_not(values)
    if rest and (not known or any(v.state == "missing" for v in rest)):
        return blocked(values) or NOTHING
    total = lift(_sum, known) if known else NOTHING
    if rest:
        open_end = any(v.state == "unknown" for v in rest)
        total = total._replace(partial=True, high=None if open_end else total.high)
        total = carry(total, rest)
    return total


def open_above(value: Value) -> Value:
    """The value as the least, with nothing known above it."""
    return value._replace(high=None, typical=None) if value.known else value


def negate(value: Value) -> Value:
    """The mirror image. A range that is open above becomes one that is open below (minus infinity), and the other way round."""
    if not value.known:
        return value
    high = -value.low if value.low.is_finite() else None
    low = -value.high if value.high is not None else Decimal("-Infinity")
    typical = None if value.typical is None else -value.typical
    return value._replace(low=low, high=high, typical=typical)


def minus(*values: Value) -> Value:
    """The first less all the others: needs every one, since leaving out a deduction would promise too much."""
    single = _single(values)
    if single is not None:
        return _sure(single[0][0] - sum(single[0][1:], ZERO), single[1])
    first = values[0]
    low, high = first.low, first.high
    for value in values:
        if value.state != "known":
            return blocked(values) or NOTHING
        if value.typical is not None:
            return lift(_sum, [first, *(negate(v) for v in values[1:])])
    for value in values[1:]:
        low = low - value.high if value.high is not None else Decimal("-Infinity")
        high = None if high is None or not value.low.is_finite() else high - value.low
    return carry(Value("known", low, high), values)


def not_below_zero(value: Value) -> Value:
    """The value, or nothing where it would be less."""
    return value if value.state == "known" and value.low >= 0 else greatest([value, NOTHING])


def times(values: list[Value]) -> Value:
    """A product of numbers that are not below zero."""
    return lift(_product, values)


def _product(factors: list[Decimal]) -> Decimal:
    return prod(factors, start=ONE)


def divide(first: Value, second: Value) -> Value:
    """A quotient of numbers that are not below zero; unknown when the divisor may be zero."""
    stop = blocked([first, second])
    if stop is not None:
        return stop
    if second.low <= 0:
        return carry(unknown(), [first, second])
    low = ZERO if second.high is None else first.low / second.high
    high = None if first.high is None else first.high / second.low
    return carry(Value(low=low, high=high), [first, second])


def greatest(values: list[Value]) -> Value:
    """The better of several. A figure not known can only raise it, so the known ones are a lower limit."""
    known, rest = _known_and_not(values)
    if not known or (rest and any(v.state == "missing" for v in rest)):
        return blocked(values) or NOTHING
    best = known[0] if len(known) == 1 else lift(max, known)
    if rest:
        open_end = any(v.state == "unknown" for v in rest)
        best = carry(best._replace(partial=True, high=None if open_end else best.high), rest)
    return best


def better(values: list[Value]) -> Value:
    """The better of several claims, at the claimant's choice. One that was never asked is left out and stays missing;
    one whose figure is not known can only raise the result."""
    if len(values) == 1:
        return values[0]
    known = [v for v in values if v.known]
    asked = [v for v in values if v.state != "missing"]
    if not known:
        return blocked(values) or NOTHING
    best = greatest(asked)
    return carry(best._replace(partial=True), [v for v in values if v.state == "missing"]) if len(asked) < len(values) else best


def taper(amount: Value, income: Value, full_until: Value, nothing_from: Value) -> Value:
    """`amount` in full up to an income, falling in a straight line to nothing at another. More income never pays more."""
    stop = blocked([amount, income, full_until, nothing_from])
    if stop is not None:
        return stop

    def share(earned: Decimal | None, full: Decimal, nothing: Decimal) -> Decimal:
        if earned is None or earned >= nothing:
            return ZERO
        return Decimal(1) if earned <= full else (nothing - earned) / (nothing - full)

    full_high = full_until.low if full_until.high is None else full_until.high
    none_high = nothing_from.low if nothing_from.high is None else nothing_from.high
    low = amount.low * share(income.high, full_until.low, nothing_from.low)
    high = None if amount.high is None else amount.high * share(income.low, full_high, none_high)
    return carry(Value(low=low, high=high), [amount, income, full_until, nothing_from])


def least(values: list[Value]) -> Value:
    """The smallest of several: needs every one, since a cap not known could lower the result. A known cap also closes a range that
    was open above, unless a figure is missing in it: then nothing is known up there, and the cap is not what it comes to."""
    result = lift(min, values)
    highs = [v.high for v in values if v.high is not None]
    if not (result.known and result.high is None and highs):
        return result
    # Where what is known reaches the cap by itself, the rest changes nothing.
    reached = result.low == min(highs)
    return result._replace(high=min(highs)) if reached or not any(v.partial for v in values if v.high is None) else result


def at_most(value: Value, cap: Value) -> Value:
    """A value up to a cap that holds whatever the value is: what an employer may count as pay at most. It closes a range that is open."""
    found = least([value, cap])
    return found._replace(high=cap.high) if found.known and found.high is None else found


def hull(values: list[Value]) -> Value:
    """The range that holds all of `values`: what is known when a condition is not."""
    stop = blocked(values)
    if stop is not None:
        return stop
    highs = [v.high for v in values if v.high is not None]
    high = max(highs) if len(highs) == len(values) else None
    return carry(Value("known", min([v.low for v in values]), high), values)


ROUNDINGS = {"half_up": ROUND_HALF_UP, "down": ROUND_FLOOR, "up": ROUND_CEILING}


def rounded(value: Value, to: Decimal, mode: str) -> Value:
    """Rounded to a multiple of `to`, both ends alike."""

    def one(x: Decimal) -> Decimal:
        return (x / to).to_integral_value(ROUNDINGS[mode]) * to

    return lift(lambda xs: one(xs[0]), [value])


_CENT = Decimal("0.01")


def cents(amount: Decimal | None) -> str | None:
    """The contract's decimal string: two places, half up."""
    return None if amount is None else str(amount.quantize(_CENT, ROUND_HALF_UP))
