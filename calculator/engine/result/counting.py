"""Unpaid wages as a person can follow them: so many hours, times what an hour must be paid, less what she got."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from calculator import wording
from calculator.engine.language.run import TraceEntry, WorkedStretch
from calculator.engine.result import document
from calculator.errors import Translate
from calculator.quantity import Value
from calculator.translation import _

HOW = _("How the unpaid pay is counted:")
HOW_LEAST = _("How the unpaid pay is counted, at the least:")
ROW = _("{start} to {end}: {hours} hours × {rate} = {due}. Paid: {paid}. Still owed: {left}.")
ROW_WORTH = _("{start} to {end}: {hours} hours of work are worth {due}. Paid: {paid}. Still owed: {left}.")
PAID_UNKNOWN = _("it is not known")
ROOM = _("Of this, {amount} may be taken off for room and food.")
TOGETHER = _("Still owed together: {amount}.")
MOST = _("With the answers that are best for you: {amount}.")
MORE_ROWS = _("The other times are counted in the same way.")
RAISED = _("The law adds to pay that is long overdue.")
OTHER_RULES = _("Other rules of the law then change this sum.")
#: Headings of the small table.
COLUMNS = (_("First day"), _("Last day"), _("Hours"), _("For an hour"), _("Earned"), _("Paid"), _("Still owed"))
#: Losses that are unpaid wages.
UNPAID = frozenset({"back_pay", "value_of_labour"})
#: So many stretches are said in sentences.
MOST_ROWS = 6
_SAME = Decimal("0.005")
_ZERO = Decimal(0)


@dataclass(slots=True)
class _Row:
    job: int
    first: date
    last: date
    hours: Decimal
    due: Decimal
    paid: Decimal | None
    room: Decimal
    owed: Decimal

    @property
    def rate(self) -> Decimal | None:
        """What one hour is worth; None where that is no amount of whole cents, because extra pay is in it."""
        if not self.hours:
            return None
        rate = (self.due / self.hours).quantize(Decimal("0.01"))
        return rate if abs(rate * self.hours - self.due) <= _SAME else None


def counted_out(trace: Iterable[TraceEntry], least: Value, currency: str, translate: Translate, language: str) -> document.Counted | None:
    """How a line of unpaid wages was counted; None where nothing was, or a part of it has no figure."""
    entries = [entry.worked for entry in trace if entry.worked is not None and not entry.worked.barred]
    if not entries:
        return None
    rows = list(_rows(entries, lowest=True))
    highest = list(_rows(entries, lowest=False)) or rows
    if not rows or any(row is None for row in (*rows, *highest)):
        return None
    low, high = (sum((row.owed for row in some if row), _ZERO) for some in (rows, highest))
    told = [row for row in rows if row]
    return document.Counted(
        stretches=[_stretch(row) for row in told],
        least=_cents(low),
        most=_cents(max(low, high)),
        text=_text(told, low, max(low, high), least, currency, translate, language),
    )


def _rows(entries: list[WorkedStretch], lowest: bool) -> Iterator[_Row | None]:
    """The stretches of all jobs under the first rule of each, at one end; those that follow each other at one rate are one."""
    rules: dict[int, object] = {}
    seen: set[tuple[int, date]] = set()
    row: _Row | None = None
    for one in entries:
        job = one.rule[1]
        if one.lowest is not lowest or rules.setdefault(job, one.rule) != one.rule or (job, one.first) in seen:
            continue
        seen.add((job, one.first))
        new = _row(one)
        if new is None:
            yield None
        elif row is not None and _goes_on(row, new):
            row = _together(row, new)
        else:
            if row is not None:
                yield row
            row = new
    if row is not None:
        yield row


def _row(one: WorkedStretch) -> _Row | None:
    if not one.due.known or not one.unpaid.known:
        return None
    room = one.housing.low if one.housing.known else _ZERO
    return _Row(one.rule[1], one.first, one.last, one.hours, one.due.low, one.paid, room, one.unpaid.low)


def _goes_on(row: _Row, new: _Row) -> bool:
    """Whether the same work goes on the next day at the same rate."""
    next_day = row.job == new.job and new.first == row.last + timedelta(days=1)
    return next_day and row.rate == new.rate and (row.paid is None) == (new.paid is None)


def _together(row: _Row, new: _Row) -> _Row:
    paid = None if row.paid is None or new.paid is None else row.paid + new.paid
    return _Row(row.job, row.first, new.last, row.hours + new.hours, row.due + new.due, paid, row.room + new.room, row.owed + new.owed)


def _stretch(row: _Row) -> document.PaidStretch:
    return document.PaidStretch(
        from_=row.first.isoformat(),
        until=row.last.isoformat(),
        hours=_hours(row),
        rate=None if row.rate is None else str(row.rate),
        earned=_cents(row.due),
        paid=None if row.paid is None else _cents(row.paid),
        room_and_food=_cents(row.room) if row.room else None,
        owed=_cents(row.owed),
    )


def _cents(amount: Decimal | None) -> str:
    return f"{amount or _ZERO:.2f}"


def _hours(row: _Row) -> str:
    return f"{row.hours.quantize(Decimal('0.01')).normalize():f}"


def _text(rows: list[_Row], low: Decimal, high: Decimal, line: Value, currency: str, translate: Translate, language: str) -> list[str]:
    def money(amount: Decimal) -> str:
        return wording.money(_cents(amount), currency, language)

    lines = [translate(HOW if low == high else HOW_LEAST)]
    for row in rows[:MOST_ROWS]:
        values = {
            "start": wording.day(row.first.isoformat(), language),
            "end": wording.day(row.last.isoformat(), language),
            "hours": wording.figure(_hours(row), language),
            "due": money(row.due),
            "paid": translate(PAID_UNKNOWN) if row.paid is None else money(row.paid),
            "left": money(row.owed),
        }
        rate = row.rate
        lines.append(translate(ROW_WORTH).format(**values) if rate is None else translate(ROW).format(**values, rate=money(rate)))
        lines += [translate(ROOM).format(amount=money(row.room))] if row.room else []
    if len(rows) > MOST_ROWS:
        lines.append(translate(MORE_ROWS))
    if low > sum((max(row.due - (row.paid or _ZERO), _ZERO) for row in rows), _ZERO) + 1:
        lines.append(translate(RAISED))
    lines.append(translate(TOGETHER).format(amount=money(low)))
    if high != low:
        lines.append(translate(MOST).format(amount=money(high)))
    if not line.known or _cents(line.low) != _cents(low):
        lines.append(translate(OTHER_RULES))
    return lines
