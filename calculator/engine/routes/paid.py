"""What was paid already comes off once: off its own loss where that is told, else once over all that its payer owes.

Formulas of a pack take off what is surely theirs (`received`, `award_paid`). What is left is the engine's: money for a loss that no
formula takes off comes off that head; money whose purpose was not said, and payments on judgments, come off the sum of what the payer
owes, on each route and once in the totals, never once a head. From whom it came decides whose debt it lowers; money of an insurance or
a benefit, and money of somebody who was not named, may have been for any of it, so the lower end counts it. So does the money of an
offender, for whatever it was, where the state pays and takes off what the offender paid for the same loss (relation `deducts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from calculator import quantity, vocabulary
from calculator.case.model import LOSS_KINDS, CaseFile, Received
from calculator.case.values import Unsaid
from calculator.engine.facts.readings import Facts
from calculator.engine.language.run import TraceEntry
from calculator.engine.operations.case_entries import amount_of, purpose_of
from calculator.engine.routes.outcome import Debtor, Line, Owed, Paid, RouteResult
from calculator.engine.routes.pack import CompiledRoute, Takes
from calculator.quantity import NOTHING, ZERO, Value

_DEBTORS: dict[str, Debtor] = {"offender": "offender", "employer": "offender", "fund": "state"}
#: Purposes that say that money was for the whole claim.
_WHOLE_CLAIM = ("award", "damages")


_EACH: tuple[Debtor, ...] = ("offender", "state", "anybody")


def debtor_of(payer: str) -> Debtor:
    """Whose debt a head is: the employer of an exploited person is the offender, or stands in for the offender."""
    return "state" if payer == "state" else "offender"


class _Item(NamedTuple):
    debtor: Debtor
    amount: Value
    #: Heads of damage it was for; None = for the whole claim, or not said.
    heads: frozenset[str] | None
    raw: Received | None
    #: Of what was paid on a judgment: the court that gave it.
    court: str | None = None


def without_payments(case: CaseFile) -> CaseFile:
    """The case as it was before any money came in; the case itself where none did."""
    procedure = case.procedure
    awards = procedure.awards if isinstance(procedure.awards, list) else []
    if not (isinstance(procedure.received, list) and procedure.received) and not any(award.paid for award in awards):
        return case
    changes: dict[str, object] = {"received": []}
    if awards:
        changes["awards"] = [award.model_copy(update={"paid": []}) if award.paid else award for award in awards]
    return case.model_copy(update={"procedure": procedure.model_copy(update=changes)})


def take_off(result: RouteResult, routes: Mapping[str, CompiledRoute], facts: Facts) -> None:
    """Take what was paid off the heads it was for, and note what comes off the route's sum once."""
    items = _items(facts)
    if not items:
        return
    name = result.route.raw.id
    takes = list(_takes(name, {line.head.raw.head for line in result.lines if line.counted}, routes))
    left = [item for item in items if not _taken(item, takes)]
    for item in left:
        if item.heads is not None:
            result.lines = _off_heads(result.lines, item.heads, item.amount)
    debtors = {debtor_of(line.head.raw.payer) for line in result.lines}
    result.paid = _once([item for item in left if item.heads is None], debtors, _looks_at_offender(result.route, routes))


def off_the_total(rows: Sequence[tuple[str, str, str]], routes: Mapping[str, CompiledRoute], facts: Facts) -> list[Paid]:
    """What comes off the total once; `rows` are (route, head, payer) of all that is counted there, also of what is paid off."""
    items = _items(facts)
    if not items:
        return []
    takes = [taken for route, head, _ in rows for taken in _takes(route, {head}, routes)]
    left = [item for item in items if item.heads is None and not _taken(item, takes)]
    looks = any(_looks_at_offender(routes[route], routes) for route, _, _ in rows)
    return _once(left, {debtor_of(payer) for _, _, payer in rows}, looks)


def _looks_at_offender(route: CompiledRoute, routes: Mapping[str, CompiledRoute]) -> bool:
    """Whether a route takes off what another one got from the offender."""
    others = (routes[name] for relation in route.raw.relations if relation.kind == "deducts" for name in relation.to if name in routes)
    return any(debtor_of(head.raw.payer) == "offender" for other in others for head in other.heads)


def _takes(name: str, heads: set[str] | None, routes: Mapping[str, CompiledRoute]) -> Iterator[tuple[str, Takes]]:
    """(route, what is taken off there) by formulas of these heads (None = all), by the caps over them, and by what they read."""
    route = routes[name]
    own = [head for head in route.heads if heads is None or head.raw.head in heads]
    for head in own:
        yield name, head.takes
        for other, read in head.takes.reads:
            if other is not None or read != head.raw.head:
                yield from _takes(other or name, None if read is None else {read}, routes)
    for cap in route.caps:
        if own and (cap.raw.heads is None or any(head.raw.head in cap.raw.heads for head in own)):
            yield name, cap.takes


def less_paid(owed: Iterable[Owed], paid: Iterable[Paid]) -> Value:
    """What is left of what is owed once what was paid has come off; no debt goes below nothing."""
    debts = _Debts(owed)
    for one in paid:
        debts.less(one)
    return debts.left()


class _Debts:
    """What the offender owes for wages and for all else, and what the state owes."""

    def __init__(self, owed: Iterable[Owed]) -> None:
        sums: dict[str, list[Value]] = {}
        for one in owed:
            kind = "state" if one.payer == "state" else "wages" if one.family == "wages" else "harm"
            sums.setdefault(kind, []).append(one.value)
        self._sums = {kind: quantity.add(values) for kind, values in sums.items()}
        self._perhaps = NOTHING

    def less(self, paid: Paid) -> None:
        """Take a payment off the debts it may lower, one after the other."""
        if paid.debtor == "anybody":
            self._perhaps = quantity.add([self._perhaps, paid.value])
            return
        rest = paid.value
        for kind in ("harm", "wages") if paid.debtor == "offender" else ("state",):
            rest = self._off(kind, rest)
        if paid.debtor == "state":
            # What the state paid for the same loss it claims back from the offender, and the person no longer can. It pays no wages.
            self._off("harm", quantity.hull([NOTHING, rest]))

    def _off(self, kind: str, paid: Value) -> Value:
        """Lower a debt; what is left of the payment."""
        if kind not in self._sums:
            return paid
        before = self._sums[kind]
        self._sums[kind] = quantity.not_below_zero(quantity.minus(before, paid))
        return quantity.not_below_zero(quantity.minus(paid, before))

    def left(self) -> Value:
        """All debts together, less what may have been for any of them."""
        total = quantity.add(list(self._sums.values()))
        return total if self._perhaps is NOTHING else quantity.not_below_zero(quantity.minus(total, self._perhaps))


def _items(facts: Facts) -> list[_Item]:
    """Money received and paid on judgments of this country."""
    procedure = facts.case.procedure
    found = [_received(item) for item in procedure.received] if isinstance(procedure.received, list) else []
    for award in procedure.awards if isinstance(procedure.awards, list) else []:
        if award.country in (None, facts.country) or isinstance(award.country, Unsaid):
            paid = [p.amount for p in award.paid if p.amount] if isinstance(award.paid, list) else []
            found += [_Item("offender", amount_of(amount), None, None, award.court) for amount in paid]
    return [item for item in found if item.amount is not NOTHING]


def _received(item: Received) -> _Item:
    purpose = purpose_of(item)
    heads = None
    if purpose is not None and purpose not in _WHOLE_CLAIM:
        heads = vocabulary.loss_heads()[purpose] if purpose in LOSS_KINDS else _heads_for(purpose)
    sender = item.from_ if isinstance(item.from_, str) and not isinstance(item.from_, Unsaid) else ""
    return _Item(_DEBTORS.get(sender, "anybody"), amount_of(item.amount), heads, item)


def _heads_for(purpose: str) -> frozenset[str]:
    same = vocabulary.same_purpose()
    return frozenset(head for head in vocabulary.heads() if same.get(head, head) == purpose)


def _taken(item: _Item, takes: Iterable[tuple[str, Takes]]) -> bool:
    """Whether a formula takes it off already."""
    if item.raw is None:
        return any(one.judgments and (item.court is None or item.court in one.judgments) for _, one in takes)
    return any(taking.takes(item.raw, route) for route, one in takes for taking in one.received)


def _off_heads(lines: list[Line], heads: frozenset[str], amount: Value) -> list[Line]:
    """The lines, less money that was for these heads: each end on its own, from the first line on."""
    left_low, left_high = amount.low, amount.high
    found = []
    for line in lines:
        if line.head.raw.head not in heads or not line.counted or line.per != "once":
            found.append(line)
            continue
        taken = Value(low=left_low, high=left_high)
        value = quantity.not_below_zero(quantity.minus(line.value, taken))
        trace = [*line.trace, TraceEntry("received", "received", {"received": amount}, value)] if line.trace else line.trace
        found.append(replace(line, value=value, trace=trace))
        left_low = max(ZERO, left_low - (line.value.high if line.value.high is not None else left_low))
        left_high = None if left_high is None else max(ZERO, left_high - line.value.low)
    return found


def _once(items: list[_Item], debtors: set[Debtor], looks_at_offender: bool) -> list[Paid]:
    """What comes off the sum of each debtor that is owed from. What was paid on a judgment may be told among the money received, too:
    from the greater of both to their sum. `looks_at_offender`: what the offender paid may lower what the state pays."""
    found = []
    for debtor in _EACH:
        by_another = debtor == "offender" and debtor not in debtors
        told = [item.amount for item in items if item.debtor == debtor and item.raw is not None]
        # What was paid on a judgment is for what that judgment gave.
        judged = [] if by_another else [item.amount for item in items if item.debtor == debtor and item.raw is None]
        if not told and not judged or by_another and not looks_at_offender:
            continue
        sums = [quantity.add(some) for some in (told, judged) if some]
        value = sums[0] if len(sums) == 1 else quantity.hull([quantity.greatest(sums), quantity.add(sums)])
        perhaps = debtor == "anybody" or by_another
        found.append(Paid("anybody", quantity.hull([NOTHING, value])) if perhaps else Paid(debtor, value))
    return found
