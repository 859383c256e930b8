"""Amounts in other money, in the money of the State: at the reference rate of their day, or the mean of their period.

The case is read once for a State. An amount in another currency becomes a `Converted` range there, which is derived and carries its rate;
one without a rate becomes `NoRate`, a gap with a name: never one to one. A case in the State's own money is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from calculator.case.model import Accommodation, Award, Board, CaseFile, Confiscation, Entry, Loss, Money, Pay, Work
from calculator.case.values import NumberRange
from calculator.dates import DateRange, on_day
from calculator.engine.figures import exchange
from calculator.engine.figures.exchange import Rate
from calculator.quantity import Confidence, Value

E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Converted(NumberRange):
    """An amount of another currency in the State's money."""

    told: NumberRange
    rate: Rate


@dataclass(frozen=True, slots=True)
class NoRate:
    """An amount of a currency that no rate was found for."""

    currency: str

    @property
    def gap(self) -> str:
        return f"rate:{self.currency}"


def of_rate(amounts: Any) -> Value:
    """What amounts in other money bring along: derived where they were converted, a gap where they could not be."""
    found = list(_amounts(amounts))
    rank = Confidence.derived if any(isinstance(one, Converted) for one in found) else Confidence.official
    return Value(rank=rank, gaps=frozenset(one.gap for one in found if isinstance(one, NoRate)))


def converted_in(amounts: Any) -> list[Converted]:
    """The converted amounts of a part of the case."""
    return [one for one in _amounts(amounts) if isinstance(one, Converted)]


def in_money_of(case: CaseFile, currency: str, on: date) -> CaseFile:
    """The case with every amount in `currency`; the same case where all are."""
    if not _has_other_money(case, currency):
        return case
    return _Converter(case, currency, on).case()


class _Converter:
    def __init__(self, case: CaseFile, currency: str, on: date) -> None:
        self._case, self._to, self._on = case, currency, on
        acts = case.exploitation if isinstance(case.exploitation, list) else []
        self._acts = self._span([act.start for act in acts], [act.end for act in acts])

    def case(self) -> CaseFile:
        """All groups in which money may stand."""
        case = self._case
        after = DateRange(self._acts.latest, max(self._on, self._acts.latest))
        now = on_day(self._on)
        procedure = case.procedure
        update: dict[str, Any] = {
            "person": self._with(case.person, monthly_income=self._money(case.person.monthly_income, now)),
            "harm": self._with(case.harm, earnings_before=self._money(case.harm.earnings_before, on_day(self._acts.earliest))),
            "exploitation": self._each(case.exploitation, self._act),
            "work": self._each(case.work, self._work),
            "losses": self._each(case.losses, self._loss),
            "procedure": self._with(
                procedure,
                received=self._each(procedure.received, lambda one: self._money(one, _day_of(one.date) or after)),
                awards=self._each(procedure.awards, self._award),
                confiscation=self._confiscation(procedure.confiscation, after),
            ),
        }
        return case.model_copy(update=update)

    def _act(self, act: Any) -> Any:
        return self._with(act, offender_proceeds=self._money(act.offender_proceeds, self._span([act.start], [act.end])))

    def _work(self, job: Work) -> Work:
        whole = self._span([job.start], [job.end])

        def period(pay: Any) -> DateRange:
            return self._span([pay.from_], [pay.to], whole) if isinstance(pay, Pay) else whole

        def with_charge(part: Any) -> Any:
            if not isinstance(part, (Accommodation, Board)):
                return part
            return self._with(part, charged=self._money(part.charged, period(part.charged)))

        return self._with(
            job,
            paid=self._each(job.paid, lambda pay: self._money(pay, period(pay))),
            agreed=self._money(job.agreed, period(job.agreed)),
            usual_wage=self._money(job.usual_wage, period(job.usual_wage)),
            deductions=self._each(job.deductions, lambda one: self._money(one, whole)),
            accommodation=with_charge(job.accommodation),
            board=with_charge(job.board),
        )

    def _loss(self, loss: Loss) -> Loss:
        days = _day_of(loss.date) or self._acts
        converted: Loss = self._money(loss, days)
        return self._with(converted, reimbursed=self._amount(loss.reimbursed, loss.currency, days))

    def _award(self, award: Award) -> Award:
        days = _day_of(award.date) or _day_of(award.final_on) or on_day(self._on)
        return self._with(
            award,
            damages=self._amount(award.damages, award.currency, days),
            costs=self._amount(award.costs, award.currency, days),
            paid=self._each(award.paid, lambda one: self._money(one, _day_of(one.date) or days, award.currency)),
        )

    def _confiscation(self, found: Any, after: DateRange) -> Any:
        if not isinstance(found, Confiscation) or not isinstance(found.amount, Money):
            return found
        return self._with(found, amount=self._money(found.amount, _day_of(found.final_on) or after))

    @staticmethod
    def _with(entry: E, **fields: Any) -> E:
        """The entry with these fields; itself where they are the same."""
        changed = {name: value for name, value in fields.items() if value is not getattr(entry, name)}
        return entry.model_copy(update=changed) if changed else entry

    @staticmethod
    def _each(items: Any, convert: Any) -> Any:
        return [convert(item) for item in items] if isinstance(items, list) else items

    def _money(self, money: Any, days: DateRange, usual: str | None = None) -> Any:
        if not isinstance(money, Money):
            return money
        return self._with(money, amount=self._amount(money.amount, money.currency or usual, days))

    def _amount(self, amount: Any, of: str | None, days: DateRange) -> Any:
        if of is None or of == self._to or not isinstance(amount, NumberRange) or amount.high == 0:
            return amount
        # A period that goes on has the mean of its days up to the last that has a rate.
        last = max(days.earliest, min(days.latest, self._on, exchange.last_day()))
        rate = exchange.on_day(of, self._to, last) if days.earliest == last else exchange.over(of, self._to, days.earliest, last)
        return NoRate(of) if rate is None else Converted(amount.low * rate.rate, amount.high * rate.rate, amount, rate)

    def _span(self, starts: list[Any], ends: list[Any], otherwise: DateRange | None = None) -> DateRange:
        """From the first to the last of the days that are said, up to the day of the estimate."""
        first = [day.earliest for day in starts if isinstance(day, DateRange)]
        last = [day.latest for day in ends if isinstance(day, DateRange)]
        whole = otherwise or getattr(self, "_acts", None) or on_day(self._on)
        start = min(first) if first else whole.earliest
        return DateRange(start, max(start, min(self._on, max(last) if last else whole.latest)))


def _day_of(day: Any) -> DateRange | None:
    return day if isinstance(day, DateRange) else None


def _amounts(part: Any) -> Iterator[Any]:
    """Converted and inconvertible amounts at any depth of a part of the case."""
    if isinstance(part, (Converted, NoRate)):
        yield part
    elif isinstance(part, list):
        for one in part:
            yield from _amounts(one)
    elif isinstance(part, Entry):
        yield from _amounts(list(part.__dict__.values()))


def _has_other_money(case: CaseFile, currency: str) -> bool:
    """Whether some amount is in another currency."""
    own = (None, currency)
    singles = [case.person.monthly_income, case.harm.earnings_before]
    lists: list[Any] = [case.losses, case.procedure.received, case.procedure.awards]
    for job in case.work if isinstance(case.work, list) else []:
        singles += [job.agreed, job.usual_wage, *(part.charged for part in (job.accommodation, job.board) if isinstance(part, Entry))]
        lists += [job.paid, job.deductions]
    for act in case.exploitation if isinstance(case.exploitation, list) else []:
        singles.append(act.offender_proceeds)
    for award in case.procedure.awards if isinstance(case.procedure.awards, list) else []:
        lists.append(award.paid)
    if isinstance(case.procedure.confiscation, Confiscation):
        singles.append(case.procedure.confiscation.amount)
    found = [*singles, *(one for some in lists if isinstance(some, list) for one in some)]
    return any(getattr(one, "currency", None) not in own for one in found)
