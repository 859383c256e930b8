"""Money that cannot be converted: about how much it was in the State's money is asked once, after it was said back as it was told.

There is no rate for some currencies at all, for others not at that time; and a name such as "dinars" alone does not say whose they are. What she
answers takes the place of the amount; where she does not know, the amount stays as told, and the result names the gap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from babel.numbers import get_currency_name

from actions.interview import ask
from actions.interview.facts import pay_words, try_put
from actions.interview.reading import unsaid
from actions.interview.state import Doubt
from actions.interview.storing import say_error
from actions.readers.money import read_money
from actions.story.values import money_value
from actions.turn import Turn
from calculator import api
from calculator.case.paths import get
from calculator.case.values import read_date_range
from calculator.engine.figures import exchange
from calculator.engine.figures.exchange import NO_CURRENCY
from calculator.translation import _

NO_RATE = _("I have no exchange rate for this: {told}.")
WHOSE_MONEY = _("I do not know which country's money this is: {told}.")
ABOUT_HOW_MUCH = _("About how much was that in {currency} then?")
TOLD_AS = _("{told}, about {amount} then")
#: The form of a currency's name that follows a number: ten euros.
_MANY = 10
#: Words of an answer in which a number without its currency is the sum.
LONGEST_BARE = 6
_WHY = "/ask_why"


def waiting(turn: Turn) -> str | None:
    """The path of an amount that cannot be converted and was not asked about; None when there is none."""
    if turn.interview.adult is False:
        # No amounts are worked out for somebody under 18.
        return None
    for path, money in _amounts(turn.case):
        if _key(path, money) not in turn.interview.sums and _has_no_rate(turn, path, money):
            return path
    return None


def ask_next(turn: Turn) -> bool:
    """Ask about the next such amount; False when there is none."""
    path = waiting(turn)
    if path is None:
        return False
    turn.interview.doubt = Doubt(fact=path, value=get(turn.case, path), kind="sum")
    said_back = [turn.words(ask.SAID_BACK, answer=line) for line in turn.interview.said_back]
    turn.interview.said_back = []
    say(turn, said_back)
    return True


def say(turn: Turn, first: list[str] | None = None) -> None:
    """Ask the open question of this kind (once more), below what was understood."""
    doubt = turn.interview.doubt
    own = _own_currency(turn, doubt.fact) if doubt is not None else None
    if doubt is None or own is None:
        return
    why = WHOSE_MONEY if doubt.value.get("currency") == NO_CURRENCY else NO_RATE
    name = get_currency_name(own, _MANY, locale=turn.locale)
    lines = [*(first or []), turn.words(why, told=pay_words(turn, doubt.value)), turn.words(ABOUT_HOW_MUCH, currency=name)]
    buttons = [button for button in ask.ways_out(turn, f"doubt:{doubt.fact}") if button.payload != _WHY]
    turn.say_lines(lines, kind="question", fact=_fact_of(doubt.fact), buttons=buttons)


def take(turn: Turn) -> bool:
    """The sum in the State's money, in words; False when the message is about something else."""
    doubt = turn.interview.doubt
    if doubt is None:
        return False
    if unsaid(turn, turn.text) is not None:
        keep(turn)
        return True
    found = read_money(turn.text, turn.language)
    own = _own_currency(turn, doubt.fact)
    if found is None or found.currency is None and len(turn.text.split()) > LONGEST_BARE:
        return False
    if found.currency == doubt.value.get("currency"):
        # Said again as it was.
        keep(turn)
        return True
    currency = found.currency or own
    if currency != own and not exchange.known(str(currency)):
        return False
    per = {"per": found.per} if found.per and found.per != "piece" and "per" in doubt.value else {}
    _replace(turn, doubt, {**doubt.value, "amount": money_value(found)["amount"], "currency": currency, **per})
    return True


def keep(turn: Turn) -> None:
    """It is not known: the amount stays as it was told, and is not asked about again."""
    doubt, turn.interview.doubt = turn.interview.doubt, None
    if doubt is not None:
        turn.interview.sums = [*turn.interview.sums, _key(doubt.fact, doubt.value)]


def _replace(turn: Turn, doubt: Doubt, money: dict[str, Any]) -> None:
    """The answer takes the amount's place; what was told stands beside it where it is said back."""
    turn.interview.doubt = None
    error = try_put(turn, doubt.fact, money)
    if error is not None:
        say_error(turn, error)
        return
    turn.interview.sums = [*turn.interview.sums, _key(doubt.fact, money)]
    fact = _fact_of(doubt.fact)
    turn.interview.answered(fact)
    line = turn.words(TOLD_AS, told=pay_words(turn, doubt.value), amount=pay_words(turn, money))
    turn.learn(fact, get(turn.case, fact), line)
    turn.interview.said_back.append(line)


def _fact_of(path: str) -> str:
    """The fact that an amount belongs to: work[0].paid[1] is one of work[0].paid."""
    return re.sub(r"\[\d+\]$", "", path)


def _key(path: str, money: dict[str, Any]) -> str:
    return f"{path}={money.get('amount')} {money.get('currency')}"


def _amounts(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every amount of money in a case, with its path."""
    if isinstance(value, dict):
        if "amount" in value and "currency" in value:
            yield path, value
        for name, below in value.items():
            yield from _amounts(below, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from _amounts(below, f"{path}[{number}]")


def _country_of(turn: Turn, path: str) -> str | None:
    entry = path.partition(".")[0]
    country = get(turn.case, f"{entry}.country") if entry.startswith(("work[", "exploitation[")) else None
    return country if isinstance(country, str) else ask.country_of(turn)


def _own_currency(turn: Turn, path: str) -> str | None:
    """The money in which the State of an amount counts; None without rules for it."""
    pack = api.default_rules().packs.get(_country_of(turn, path) or "")
    return pack.jurisdiction.currency if pack else None


def _has_no_rate(turn: Turn, path: str, money: dict[str, Any]) -> bool:
    currency, own = money["currency"], _own_currency(turn, path)
    if not currency or own is None or currency == own or str(money["amount"]) in ("0", "None", "unknown", "declined"):
        return False
    if not exchange.known(currency):
        return True
    days = _days_of(turn, path)
    # Roubles have rates of some years: when it was may be asked yet.
    return days is not None and exchange.over(currency, own, *days) is None


def _days_of(turn: Turn, path: str) -> tuple[date, date] | None:
    """From when to when an amount was paid, as far as the case says it."""
    owners = [path.partition(".")[0]] if path.startswith("work[") else []
    for owner in (*owners, f"exploitation[{ask.entry_of(turn, _country_of(turn, path))}]"):
        spans = [_span(get(turn.case, f"{owner}.{name}")) for name in ("start", "end")]
        first, last = spans
        if first is not None and last is not None and first[0] <= last[1]:
            return first[0], min(last[1], max(turn.today, first[0]))
    return None


def _span(value: Any) -> tuple[date, date] | None:
    if value in (None, "unknown", "declined"):
        return None
    try:
        found = read_date_range(value)
    except ValueError:
        return None
    return found.earliest, found.latest
