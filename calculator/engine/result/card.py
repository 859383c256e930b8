"""One card first: what may be got, or what others got; the next day; the one thing to do first. Everything else unfolds below it.

The chat and the page show the same card. It is short on purpose: who reads little, and is afraid, reads this much (`MOST_WORDS` in tests).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from calculator import vocabulary, wording
from calculator.engine.result.document import Amount, Comparable, Deadline, Jurisdiction, Route
from calculator.engine.result.no_sum import OTHERS_GOT
from calculator.engine.result.sentences import AND_MORE, AT_LEAST, BETWEEN, LATE
from calculator.errors import Translate
from calculator.packs.model import Kind
from calculator.translation import _, _n, isolated, plural_translator

CLAIM = _("{country}: you may get {amount}.")
CLAIM_MONTHLY = _("{country}: you may get {amount} every month.")
NOT_CONFIRMED = _("{country}: perhaps you may get {amount}. This is not confirmed. Ask a lawyer.")
UP_TO = _("up to {amount}")
NO_SUM_YET = _("{country}: no sum yet.")
NO_WAY = _("{country}: I see no way to money now. This may change. An advice centre can look again.")
LIKE_YOU = _("Somebody like you got this ({country}, {year}):")
LIKE_YOU_ONCE = _("Somebody like you got this ({country}):")
MORE_OR_LESS = _("Yours may differ.")
DOUBTFUL = _("Not confirmed.")
NO_DAY = _("I do not know the deadlines yet. They depend on when the work or the harm ended. Ask a lawyer or an advice centre soon.")
NO_FIGURE_FOR = _("No figure yet for: {heads}.")
MINOR_CARD = _("{country}: you have these rights, and often more time. A guardian or an advice centre works out sums with you.")
FIRST = _("First: {step}")
FAR_DAY = _("Last day: {day} ({name}).")
LAST_DAY = _n("Last day: {day}, in {count} day ({name}).", "Last day: {day}, in {count} days ({name}).")
HURRY = _n("Only {count} day left! Last day: {day} ({name}).", "Only {count} days left! Last day: {day} ({name}).")
TODAY = _("Today is the last day! {name}.")
#: Before what an office may do with what it learns, when the first step leads there.
CAREFUL = _("Before any claim, ask a lawyer: the office may tell immigration.")
#: A day so near is said above every answer.
URGENT_DAYS = 7
#: Days are counted for so long; later ones are only named.
FAR = 200
#: Families of loss in which the large sums lie.
LARGE = frozenset({"whole", "non_pecuniary", "wages", "earnings", "death"})
ORDER = ("open", "likely", "uncertain", "later", "closed")
KINDS: tuple[Kind, ...] = ("criminal_proceedings", "state_fund", "labour_claim", "civil_claim", "other", "confiscation_fund")
USABLE = ("open", "likely", "uncertain")
#: A first step may have an explanation after its first sentence: that unfolds.
_SENTENCE = re.compile(r"(?<=[.!?。؟])\s+|(?<=。)")
_SHORT_STEP = 60

Says = Literal["own", "alike"] | None


@dataclass(frozen=True, slots=True)
class NearDay:
    """The last day of a way, and how it is said. `days_left` 0 = today."""

    route: str
    day: str
    days_left: int
    text: str

    @property
    def urgent(self) -> bool:
        return self.days_left <= URGENT_DAYS


@dataclass(frozen=True, slots=True)
class Card:
    """What stands first, in sentences."""

    sums: list[str]
    day: NearDay | None
    doubt: str | None
    first: str | None
    #: Whose sum it says: the person's own, that of somebody alike; None = it says none.
    says: Says

    @property
    def lines(self) -> list[str]:
        """All of it, in order."""
        day = [self.day.text] if self.day else []
        return [*self.sums, *day, *([self.doubt] if self.doubt else []), *([self.first] if self.first else [])]


def in_order(routes: Iterable[Route]) -> list[Route]:
    """Open ways first; of those that are alike, the ones with a sum, then those that need nothing else to be decided first."""
    return sorted(routes, key=lambda route: (ORDER.index(route.status), route.amount.low is None, KINDS.index(route.kind)))


def card_of(found: Jurisdiction, translate: Translate, language: str, minor: bool, amounts: bool = True) -> Card:
    """The card of one country. `minor`: no sums; `amounts` False: none unasked, while somebody is not safe."""
    day, doubt = _near_day(found, translate, language)
    money, says = _money(found, translate, language) if amounts and not minor else ([], None)
    if minor:
        money = [translate(MINOR_CARD).format(country=found.name)]
    return Card(money, day, doubt, _first(found, day, translate), says)


def _money(found: Jurisdiction, translate: Translate, language: str) -> tuple[list[str], Says]:
    usable = [route for route in in_order(found.routes) if route.status in USABLE]
    total, where = found.total, {"country": found.name}
    monthly = _every_month(usable, found, translate, language)
    if total.low is not None and _is_something(total):
        lines = [translate(CLAIM).format(**where, amount=_rough(total, found.currency, translate, language))]
        alike = _nearest(usable, found) if _only_small_parts(found) else None
        at_home = alike is not None and alike.country == found.code.partition("-")[0]
        others = [_of_one_alike(alike, translate, language), alike.sums[0]] if alike is not None and at_home else []
        return [*lines, *monthly, *_without(found, translate), *others], "own"
    if monthly:
        return [*monthly, *_without(found, translate)], "own"
    perhaps = next((one for route in usable if (one := route.unconfirmed) and one.low is not None and _is_something(one)), None)
    if perhaps is not None:
        amount = _rough(perhaps, found.currency, translate, language)
        return [translate(NOT_CONFIRMED).format(**where, amount=amount), *_without(found, translate)], "own"
    if not any(route.status != "closed" for route in found.routes):
        return [translate(NO_WAY).format(**where)], None
    lines = [translate(NO_SUM_YET).format(**where)]
    alike = _nearest(usable, found)
    if alike is not None:
        return [*lines, _of_one_alike(alike, translate, language), alike.sums[0], translate(MORE_OR_LESS)], "alike"
    band = next((band.text for route in usable for band in route.told_bands if band.status in ("guideline", "practice", "decisions")), None)
    if band is not None:
        return [*lines, band], "alike"
    elsewhere = [translate(OTHERS_GOT)] if any(route.comparable for route in usable) else []
    return [*lines, *(elsewhere or _without(found, translate))], None


def _every_month(routes: list[Route], found: Jurisdiction, translate: Translate, language: str) -> list[str]:
    """What is paid by the month: it is in no total."""
    paid = next((one.amount for one in routes if one.amount.per == "month" and one.amount.low is not None and _is_something(one.amount)), None)
    if paid is None:
        return []
    return [translate(CLAIM_MONTHLY).format(country=found.name, amount=_rough(paid, found.currency, translate, language))]


def _only_small_parts(found: Jurisdiction) -> bool:
    """Whether the total has none of the large losses: then what somebody alike got says more than it does."""
    families = {vocabulary.families().get(row.head) for row in found.totals if row.amount.low not in (None, "0.00")}
    return not families & LARGE


def _nearest(routes: list[Route], found: Jurisdiction) -> Comparable | None:
    """One sum that one person alike got for one loss, the one in the middle: of the same State where there is one, else in its money.
    What a court elsewhere gives in other money says too little to stand alone."""
    country = found.code.partition("-")[0]
    known = {
        (one.id, one.head): one
        for route in routes
        for one in route.comparable
        if one.is_alike and one.head and one.court and not one.for_all and len(one.amounts) == 1 and Decimal(one.amounts[0]) and one.sums
    }
    at_home = [one for one in known.values() if one.country == country]
    near = at_home or [one for one in known.values() if one.currency == found.currency]
    return sorted(near, key=lambda one: Decimal(one.amounts[0]))[(len(near) - 1) // 2] if near else None


def _of_one_alike(alike: Comparable, translate: Translate, language: str) -> str:
    """Where and when somebody alike got a sum."""
    values = {"country": wording.country_name(alike.country, language), "year": isolated((alike.date or "")[:4], language)}
    return translate(LIKE_YOU if alike.date else LIKE_YOU_ONCE).format(**values)


def _is_something(amount: Amount) -> bool:
    """Whether more than nothing may come of it."""
    return amount.high is None or Decimal(amount.high) > 0


def _rough(amount: Amount, currency: str, translate: Translate, language: str) -> str:
    low, high = wording.rough(str(amount.low), amount.high)
    least = wording.money(low, currency, language)
    if high is None or low == high and amount.without:
        return translate(AT_LEAST).format(amount=least)
    if Decimal(low) == 0 and high != low:
        return translate(UP_TO).format(amount=wording.money(high, currency, language))
    return least if low == high else translate(BETWEEN).format(low=least, high=wording.money(high, currency, language))


def _without(found: Jurisdiction, translate: Translate) -> list[str]:
    """The largest of what is not in the total, by name; the whole list unfolds."""
    if not found.total.without:
        return []
    heads = {head.head: head.name for route in found.routes for head in route.unknown_heads}
    names = [heads.get(head) for head in found.total.without]
    named = next((name for name in names if name), None)
    if named is None:
        return [found.not_in_total] if found.not_in_total else []
    if len(names) > 1:
        named = translate(AND_MORE).format(heads=named)
    return [translate(NO_FIGURE_FOR).format(heads=named)]


def near_days(found: Jurisdiction) -> list[tuple[Deadline, Route]]:
    """Days to come, soonest first; of ways that are not open now only what is near, or all that there is."""
    rows = [(d, route) for route in found.routes if route.status != "closed" for d in route.deadlines if d.coming]
    now = [row for row in rows if row[1].status in USABLE or (row[0].days_left or 0) <= URGENT_DAYS]
    # A day that is only about a part of it (keeping the job, an appeal) stands first when it is near.
    ends = {"claim", "older_parts"}
    return sorted(now or rows, key=lambda row: ((row[0].days_left or 0) > URGENT_DAYS and row[0].bars not in ends, row[0].date or ""))


def _near_day(found: Jurisdiction, translate: Translate, language: str) -> tuple[NearDay | None, str | None]:
    days = near_days(found)
    if not days:
        return None, translate(_too_late(found) or NO_DAY)
    deadline, route = days[0]
    near = NearDay(route.id, str(deadline.date), int(deadline.days_left or 0), "")
    text = day_text(near, route.name, translate, language)
    return NearDay(near.route, near.day, near.days_left, text), translate(DOUBTFUL) if deadline.confidence == "unverified" else None


def _too_late(found: Jurisdiction) -> str | None:
    """Where the day of every way has passed: what becomes of who asks now."""
    usable = [route for route in found.routes if route.status in USABLE]
    passed = [[d for d in route.deadlines if d.passed and d.bars == "claim"] for route in usable]
    if not passed or not all(passed):
        return None
    return LATE[max((d for days in passed for d in days), key=lambda d: d.date or "").becomes_of_late]


def day_text(near: NearDay, name: str, translate: Translate, language: str) -> str:
    """A day with the days that are left, loud where it is near."""
    if near.days_left == 0:
        return translate(TODAY).format(name=name)
    if near.days_left > FAR:
        return translate(FAR_DAY).format(day=wording.day(near.day, language), name=name)
    one, many = HURRY if near.urgent else LAST_DAY
    said = plural_translator(language, "law")(one, many, near.days_left)
    return said.format(day=wording.day(near.day, language), count=near.days_left, name=name)


def _first(found: Jurisdiction, day: NearDay | None, translate: Translate) -> str | None:
    """The first thing to do: on the way whose time is about to end, else on the best one that is open."""
    usable = [route for route in in_order(found.routes) if route.status in USABLE]
    usable.sort(key=lambda route: not (day and day.urgent and route.id == day.route))
    route = next((route for route in usable if route.steps), None)
    if route is None:
        return None
    if route.may_report_status and route.report_note:
        return translate(CAREFUL)
    return translate(FIRST).format(step=_short(route.steps[0]))


def _short(step: str) -> str:
    """A long step's first sentence."""
    return step if len(step) <= _SHORT_STEP else _SENTENCE.split(step)[0].strip()
