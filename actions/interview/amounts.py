"""Amounts in whole sentences: one sum, between two, or at least so much; and what stands beside them."""

from __future__ import annotations

from typing import NamedTuple

from actions.turn import Turn
from calculator.engine.result.document import Amount, Route
from calculator.translation import _
from calculator.wording import whole

AMOUNT_UNKNOWN = _("{name}: no amount can be worked out yet.")


class Said(NamedTuple):
    """What is said of an amount that is one sum, lies between two, or has no upper end that is known."""

    one: str
    between: str
    least: str


AMOUNT = Said(_("{name}: {low}."), _("{name}: between {low} and {high}."), _("{name}: at least {low}. More may come; a figure is not known."))
A_MONTH = Said(
    _("{name}: {low} every month."),
    _("{name}: between {low} and {high} every month."),
    _("{name}: at least {low} every month. More may come; a figure is not known."),
)
CHOICE = Said(
    _("Instead you can choose: {name}, {low}."),
    _("Instead you can choose: {name}, between {low} and {high}."),
    _("Instead you can choose: {name}, at least {low}."),
)
TOTAL = Said(
    _("Together, without counting anything twice: {low}."),
    _("Together, without counting anything twice: between {low} and {high}."),
    _("Together, without counting anything twice: at least {low}."),
)
UNCONFIRMED = Said(
    _("Not confirmed, and not in the sum: {name}, {low}."),
    _("Not confirmed, and not in the sum: {name}, between {low} and {high}."),
    _("Not confirmed, and not in the sum: {name}, at least {low}."),
)
OLD = Said(
    _("{name}: {low} may be too old to claim here, so it is not in the sum. There are exceptions. Ask a lawyer."),
    _("{name}: between {low} and {high} may be too old to claim here, so it is not in the sum. There are exceptions. Ask a lawyer."),
    _("{name}: at least {low} may be too old to claim here, so it is not in the sum. There are exceptions. Ask a lawyer."),
)
NOT_COUNTED = Said(
    _("{name}: {low}. This is not in the sum."),
    _("{name}: between {low} and {high}. This is not in the sum."),
    _("{name}: at least {low}. This is not in the sum."),
)
STALE = _("This figure may be out of date since {day}.")


def of_route(turn: Turn, route: Route, currency: str, instead: list[str]) -> list[str]:
    """What a way comes to, what stands beside it, and where it has no sum what is said `instead`."""
    lines = [one_amount(turn, route.name, route.amount, currency)]
    if route.amount.low is not None:
        lines += route.beside_amount
    late = [line for line in route.lines if line.late and line.amount.high != "0.00"]
    for line in late:
        lines.append(said(turn, NOT_COUNTED, line.amount, currency, line.name))
    # One sentence says what becomes of all that is late in the same way.
    lines += dict.fromkeys(line.late.text for line in late if line.late)
    old = [line.amount for line in route.lines if line.time_barred and not line.late]
    if old:
        # Never "nothing": what is old can still be argued for.
        sentence = said(turn, OLD, old[0], currency, route.name)
        lines = [sentence] if route.amount.high == "0.00" else [*lines, sentence]
    if route.amount.low is None:
        # Never "no amount" alone.
        lines += instead
        if not route.unconfirmed:
            return lines + route.case_gaps
    for line in route.lines:
        name, amount = line.name, line.amount
        if line.counted and amount.per == "month" and route.amount.per == "once":
            lines.append(one_amount(turn, name, amount, currency))
        elif line.alternative_to and not line.counted:
            lines.append(said(turn, CHOICE, amount, currency, name))
    extra = route.unconfirmed
    if extra and extra.low is not None:
        lines.append(said(turn, UNCONFIRMED, extra, currency, route.name))
    if route.stale_since:
        lines.append(turn.words(STALE, day=turn.day(route.stale_since)))
    return lines + route.case_gaps


def one_amount(turn: Turn, name: str, amount: Amount, currency: str) -> str:
    if amount.low is None:
        return turn.words(AMOUNT_UNKNOWN, name=name)
    return said(turn, A_MONTH if amount.per == "month" else AMOUNT, amount, currency, name)


def said(turn: Turn, texts: Said, amount: Amount, currency: str, name: str = "") -> str:
    """An amount in a whole sentence; without a known upper end it is never said to have one."""
    low, high = whole(str(amount.low), amount.high)
    values = {"name": name, "low": turn.money(low, currency)}
    if high is None or low == high and amount.without:
        return turn.words(texts.least, **values)
    return turn.words(texts.one if low == high else texts.between, **values, high=turn.money(high, currency))
