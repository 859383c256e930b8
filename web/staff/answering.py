"""What follows from a case, for the pages of staff: worked out in a calculation worker, handed over as plain data.

`answer` stands beside the form, `changes` says which answers would change it most, `compared` puts scenarios side by side, `statuses`
is for counts. Of somebody under 18 amounts are told only where an adult helps.
"""

from __future__ import annotations

import copy
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Any, Literal

from pydantic import BaseModel

from calculator import vocabulary
from calculator.api import default_rules, estimate
from calculator.case.paths import put
from calculator.case.read import read_case
from calculator.engine.result import document
from calculator.engine.result.interview import Interview, possible_answers
from calculator.engine.result.report import of_sum
from calculator.engine.routes.estimate import Estimate
from calculator.engine.routes.estimate import estimate as worked_out
from calculator.errors import CaseError, Translate
from calculator.translation import LOCALES, translator
from calculator.wording import country_name, day
from web.cards import Speaker
from web.i18n import Words
from workbench.labels import YES_NO
from workbench.values import NO, YES

#: So many days are listed before the rest, so many questions are tried out.
FIRST_DAYS, TRIED = 6, 6
#: With more States than this every trial takes too long: the questions are told without what their answers come to.
MOST_STATES_TRIED = 4


What = Literal["answer", "changes", "compared", "statuses"]


class Asked(BaseModel):
    """What a page of staff wants: of one case, or of several scenarios of it. `adult`: an adult helps, should it be a child's case."""

    what: What
    on: date
    adult: bool
    cases: list[dict[str, Any]]


def told(asked: Asked, language: str) -> Any:
    """The answer, as plain data. Raises CaseError."""
    if asked.what == "statuses":
        return [_statuses(case, asked.on) for case in asked.cases]
    if asked.what == "compared":
        return [_scenario(case, asked, language) for case in asked.cases]
    work_out = answer if asked.what == "answer" else changes
    return work_out(asked.cases[0], asked.on, asked.adult, language)


@cache
def _words(language: str) -> Words:
    return Words(LOCALES, language)


def _speaker(found: document.Jurisdiction, adult: bool, language: str) -> Speaker:
    minor = bool(found.minor) and not adult
    return Speaker(language, found.currency, found.code, _words(language), minor=minor, for_another=True)


def answer(case: dict[str, Any], on: date, adult: bool, language: str) -> dict[str, Any]:
    """Days first, then each country with its ways to money."""
    found = estimate(case, None, on, language, trace=False)
    return {
        "on": day(found.on, language),
        "rules": found.release.sha256[:12],
        "not_covered": [country_name(code, language) for code in found.not_covered],
        "days": _days(found, language),
        "first_days": FIRST_DAYS,
        "child": any(one.minor for one in found.jurisdictions) and not adult,
        "countries": [_country(one, adult, language) for one in found.jurisdictions],
    }


def _days(found: document.Estimate, language: str) -> list[dict[str, Any]]:
    """Every day to come, the soonest first, each once for all ways that have it."""
    days: dict[tuple[str, str, str], dict[str, Any]] = {}
    for country in found.jurisdictions:
        for route in country.routes:
            for one in route.deadlines:
                if route.status != "closed" and one.coming and one.date:
                    speaker = _speaker(country, adult=True, language=language)
                    entry: dict[str, Any] = {
                        "date": one.date,
                        "day": day(one.date, language),
                        "left": one.days_left,
                        "rule": one.short,
                        "country": country.name,
                        "doubt": speaker.doubt(one),
                        "routes": [],
                    }
                    days.setdefault((country.code, one.date, one.short), entry)["routes"].append(route.name)
    return sorted(days.values(), key=lambda entry: entry["date"])


def _country(found: document.Jurisdiction, adult: bool, language: str) -> dict[str, Any]:
    speaker = _speaker(found, adult, language)
    hidden = bool(found.minor) and not adult
    cards = speaker.cards(found)
    return {
        "code": found.code,
        "name": found.name,
        "short": None if hidden else speaker.amount(found.total),
        "total": None if hidden else speaker.total(found.total),
        "beside_total": [] if hidden else found.beside_total,
        "open": [asdict(card) for card in cards if card.status != "closed"],
        "closed": [asdict(card) for card in cards if card.status == "closed"],
        "office_language": found.office_language,
    }


def changes(case: dict[str, Any], on: date, adult: bool, language: str) -> list[dict[str, Any]]:
    """The questions worth asking next, those first whose answers change the totals most, with what each answer comes to."""
    read, rules = read_case(case), default_rules()
    interview = Interview(read, rules, on)
    few = len(interview.found.jurisdictions) <= MOST_STATES_TRIED
    law, other = translator(language, "law"), vocabulary.for_another()
    found = []
    for question in islice(interview.worth_asking(sensitive=True, workbench=True), TRIED):
        answers = possible_answers(question) or [] if few else []
        asked = question.definition
        tried = {}
        for one in answers:
            if one != "unknown":
                tried[_said(one, question.choices, law)] = _totals(case, question.fact, one, on, adult, language)
        sums = [total for total, _texts in tried.values()]
        found.append(
            {
                "fact": question.fact,
                "question": law(other.get(asked.question, asked.question)),
                "why": law(other.get(asked.why, asked.why)),
                "answers": [(said, texts) for said, (_total, texts) in tried.items()] if len(set(sums)) > 1 else [],
                "spread": str(max(sums) - min(sums)) if sums else "0",
            }
        )
    return sorted(found, key=lambda one: -Decimal(one["spread"]))


def _said(answer: Any, choices: dict[str, str], law: Translate) -> str:
    code = answer[0] if isinstance(answer, list) else answer
    if isinstance(code, bool):
        return law(YES_NO[YES if code else NO])
    return law(choices.get(code, str(code)))


def _totals(case: dict[str, Any], fact: str, answer: Any, on: date, adult: bool, language: str) -> tuple[Decimal, list[tuple[str, str]]]:
    """What a case comes to with one answer more: a number to order by, and each State's name with its total in words."""
    tried = copy.deepcopy(case)
    put(tried, fact, answer)
    try:
        found: Estimate = worked_out(read_case(tried), default_rules(), on, None, trace=False)
    except CaseError:
        return Decimal(0), []
    total = Decimal(0)
    texts: list[tuple[str, str]] = []
    for one in found.jurisdictions:
        amount = of_sum(one.totals.sum)
        total += Decimal(amount.low or 0) + Decimal(amount.high or amount.low or 0)
        about = one.pack.jurisdiction
        minor = bool(one.minor) and not adult
        speaker = Speaker(language, about.currency, one.pack.code, _words(language), minor=minor, for_another=True)
        if not minor:
            texts.append((translator(language, "law")(about.name), speaker.amount(amount)))
    return total, texts


def _statuses(case: dict[str, Any], on: date) -> dict[str, str]:
    """Route -> status, for counts of many cases; nothing of one that cannot be worked out."""
    try:
        found = worked_out(read_case(case), default_rules(), on, None, trace=False)
    except CaseError:
        return {}
    return {route.route.raw.id: route.status for one in found.jurisdictions for route in one.routes}


def _scenario(case: dict[str, Any], asked: Asked, language: str) -> dict[str, Any]:
    """One column of a comparison: country -> total, and each way with its status, amount and next day."""
    found = estimate(case, None, asked.on, language, trace=False)
    countries = {}
    for one in found.jurisdictions:
        speaker = _speaker(one, asked.adult, language)
        hidden = bool(one.minor) and not asked.adult
        routes = {}
        for route in one.routes:
            days = sorted(d.date for d in route.deadlines if d.coming and d.date)
            routes[route.id] = {
                "name": route.name,
                "status": speaker.status(route),
                "amount": None if hidden or route.status == "closed" else speaker.amount(route.amount),
                "day": day(days[0], language) if days and route.status != "closed" else None,
            }
        countries[one.code] = {"name": one.name, "total": None if hidden else speaker.amount(one.total), "routes": routes}
    return countries
