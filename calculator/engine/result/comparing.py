"""Which published decisions are nearest to a case: a pure choice from coded facts, said in words elsewhere.

A decision is *alike* when it is for the same head of damage, about the same form of exploitation, of a child or an adult alike, and lasted
between half and double the time or had the same degree of violence. What does not say whether the person was a child is taken for an adult.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from calculator import vocabulary
from calculator.dates import DateRange
from calculator.engine.facts.readings import Facts
from calculator.packs.awards import Award, AwardSum, DecidedBy, Published

#: So many decisions are shown for one head of damage.
MOST = 3
#: From so many alike ones on, they make a band of their own.
ENOUGH_FOR_A_BAND = 3
DAYS_A_MONTH = Decimal("30.4375")
VIOLENCE = ("none", "threats", "physical", "severe")
SEXUAL_VIOLENCE = ("none", "once", "repeated")
_COURTS: frozenset[DecidedBy] = frozenset({"criminal", "civil", "human_rights", "settlement"})
#: Who sets the sums of which kind of route.
DECIDES: dict[str, frozenset[DecidedBy]] = {
    "state_fund": frozenset({"fund"}),
    "confiscation_fund": frozenset(),
    "criminal_proceedings": _COURTS,
    "civil_claim": _COURTS,
    "labour_claim": frozenset({"labour", "settlement", "human_rights"}),
    "other": frozenset({"human_rights"}),
}

#: What one decision has in common with a case, or not; said by `calculator.engine.result.award_words`.
Point = Literal[
    "form",
    "other_form",
    "months",
    "longer",
    "shorter",
    "child",
    "adult",
    "was_child",
    "was_adult",
    "violence",
    "more_violence",
    "less_violence",
    "sexual_violence",
    "no_sexual_violence",
    "more_sexual_violence",
    "documents",
    "hours",
    "more_hours",
    "fewer_hours",
    "country",
    "no_exploitation",
]

#: What a decision has in common with a case; every other point is a difference.
ALIKE: frozenset[Point] = frozenset({"form", "months", "child", "adult", "violence", "sexual_violence", "documents", "hours"})
#: One of these it needs, beside the same form and age, to be called alike.
ALIKE_ENOUGH: frozenset[Point] = frozenset({"months", "violence", "sexual_violence"})


@dataclass(frozen=True, slots=True)
class Likeness:
    """What of a case is compared; None = not known. `months`: the least and the most it lasted."""

    country: str
    forms: frozenset[str]
    months: tuple[Decimal, Decimal] | None
    child: bool | None
    violence: str | None
    sexual_violence: str | None
    documents: bool | None
    hours: tuple[Decimal, Decimal] | None


def has_harm(case: Likeness, harm: str | None) -> bool:
    """Whether a step of a band that is for one kind of harm is for the case."""
    if harm == "sexual":
        return "sexual" in case.forms or case.sexual_violence in ("once", "repeated")
    if harm is None or case.violence is None:
        return harm is None
    return VIOLENCE.index(case.violence) >= VIOLENCE.index(harm)


@dataclass(frozen=True, slots=True)
class Compared:
    """One decision beside a case: its sums for one head (None = several at once, or not said for what), what is alike and what is not."""

    published: Published
    head: str | None
    sums: tuple[AwardSum, ...]
    is_alike: bool
    alike: tuple[Point, ...]
    different: tuple[Point, ...]


def likeness(facts: Facts) -> Likeness:
    """What of a case is compared with published ones."""
    forms = frozenset(form for forms in facts.read("act.forms").values for form in (forms if isinstance(forms, list) else [forms]))
    degrees = [d for found in facts.read("act.violence").values for d in (found if isinstance(found, list) else [found])]
    sexual = list(facts.read("act.sexual_violence").values)
    taken = [v for v in facts.read("act.documents_taken").values if isinstance(v, bool)]
    weekly = facts.number("job.hours_per_week")
    hours = (
        (weekly.low, weekly.high) if weekly.known and weekly.high is not None and facts.read("job.hours_per_week").presence == "said" else None
    )
    return Likeness(
        facts.country,
        forms,
        _months(facts),
        _child(facts),
        max(degrees, key=VIOLENCE.index, default=None),
        max(sexual, key=SEXUAL_VIOLENCE.index, default=None),
        any(taken) if taken else None,
        hours,
    )


def _months(facts: Facts) -> tuple[Decimal, Decimal] | None:
    """How long it lasted; what has no end lasts until the day of the estimate."""
    start, end = facts.day("act.start"), facts.day("act.end")
    if end is None and facts.read("act.end").presence == "absent":
        end = DateRange(facts.on, facts.on)
    if start is None or end is None:
        return None
    return _between(start.latest, end.earliest), _between(start.earliest, end.latest)


def _between(first: date, last: date) -> Decimal:
    return max(Decimal((last - first).days) / DAYS_A_MONTH, Decimal(0))


def _child(facts: Facts) -> bool | None:
    """Whether it began before she was 18."""
    start = facts.day("act.start") or facts.day("act.end")
    ages = facts.age(start.earliest) if start else None
    if ages is None:
        return None
    return True if ages[1] < 18 else False if ages[0] >= 18 else None


def head_of(told: str, heads: Sequence[str]) -> str | None:
    """The head of a route that a published sum is for: the same, else the first that stands for the same loss; None = no head says it."""
    if told in heads:
        return told
    named = vocabulary.award_heads().get(told)
    wanted = named.heads if named else vocabulary.same_loss().get(told, ())
    return next((head for head in heads if head in wanted), None)


def is_whole(told: str) -> bool:
    """Whether a published sum is for several losses at once, or not said for which."""
    named = vocabulary.award_heads().get(told)
    return named is not None and not named.heads


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest decisions for each head of a route, and between what and what those of the State that are alike gave for it."""

    decisions: tuple[Compared, ...]
    bands: tuple[tuple[str, Decimal, Decimal, str], ...]


@lru_cache(maxsize=1024)
def nearest(
    case: Likeness, published: tuple[Published, ...], route: str, kind: str, heads: tuple[str, ...], set_by_a_person: frozenset[str]
) -> Nearest:
    """Three decisions at most for each head, in the order of the heads; those for several losses at once come last.

    `set_by_a_person`: the heads whose sum a court or an office sets. For these decisions of other States count too, if they are alike.
    """
    found: dict[str | None, list[Compared]] = {}
    for one in published:
        home = one.country == case.country
        for head, sums in _on_route(one.award, route, kind, heads, set_by_a_person):
            if not home and not _says_something_abroad(kind, head, sums, set_by_a_person):
                continue
            beside = _beside(case, one, head, sums)
            if beside.is_alike or (home and _fits(case, one.award)):
                found.setdefault(head, []).append(beside)
    for of_head in found.values():
        of_head.sort(key=lambda one: _order(case, one))
    order = [*heads, None]
    of_state = {head: [one for one in of_head if one.published.country == case.country] for head, of_head in found.items()}
    return Nearest(
        tuple(one for head in order for one in found.get(head, ())[:MOST]),
        tuple((head, *band) for head in heads if head in set_by_a_person and (band := _band(head, of_state.get(head, [])))),
    )


def _on_route(
    award: Award, route: str, kind: str, heads: Sequence[str], set_by_a_person: frozenset[str]
) -> Iterator[tuple[str | None, tuple[AwardSum, ...]]]:
    """For which heads of a route a decision says something, and what."""
    if not award.shown or (award.routes and route not in award.routes):
        return
    here = award.decided_by in DECIDES[kind] or route in award.routes
    # A fund that sets sums as the courts do has the courts' decisions beside its own.
    as_courts_do = kind == "state_fund" and award.decided_by in _COURTS
    of_head: dict[str | None, list[AwardSum]] = {}
    for one in award.sums:
        if is_whole(one.head):
            if here:
                of_head.setdefault(None, []).append(one)
        elif (head := head_of(one.head, heads)) is not None and (here or (as_courts_do and head in set_by_a_person)):
            of_head.setdefault(head, []).append(one)
    yield from ((head, tuple(sums)) for head, sums in of_head.items())


def _fits(case: Likeness, award: Award) -> bool:
    """Whether a decision that is not alike may be shown at all: never one about another form of exploitation."""
    if award.only_compares:
        hurt_alike = case.sexual_violence not in (None, "none") or "sexual" in case.forms
        return hurt_alike and award.facts.sexual_violence not in (None, "none") and bool(award.facts.minor) == bool(case.child)
    return bool(case.forms & set(award.facts.forms))


def _order(case: Likeness, one: Compared) -> tuple[bool, bool, bool, bool, int, int, str]:
    award, known = one.published.award, any(s.awarded is not None for s in one.sums)
    year = int(award.date[:4]) if award.date else 0
    home = one.published.country == case.country
    return (
        award.only_compares,
        not one.is_alike,
        not home,
        not known,
        len(one.different) - len(one.alike),
        -year,
        award.id,
    )


def _beside(case: Likeness, one: Published, head: str | None, sums: tuple[AwardSum, ...]) -> Compared:
    facts, award = one.award.facts, one.award
    same_form = bool(case.forms & set(facts.forms))
    points = dict.fromkeys(_points(case, one, same_form))
    alike, different = tuple(p for p in points if p in ALIKE), tuple(p for p in points if p not in ALIKE)
    age_alike = bool(facts.minor) == bool(case.child)
    is_alike = same_form and not award.only_compares and age_alike and not ALIKE_ENOUGH.isdisjoint(alike)
    return Compared(one, head, sums, is_alike, alike, different)


def _points(case: Likeness, one: Published, same_form: bool) -> Iterator[Point]:
    """What a decision has in common with the case, and what not, as far as both say it."""
    facts = one.award.facts
    if one.award.only_compares:
        yield "no_exploitation"
    elif case.forms and facts.forms:
        yield "form" if same_form else "other_form"
    if case.child is not None and (facts.minor is not None or case.child):
        then = bool(facts.minor)
        if case.child == then:
            yield "child" if then else "adult"
        else:
            yield "was_child" if then else "was_adult"
    if (times := _compare(case.months, facts.months, Decimal(2))) is not None:
        yield ("months", "longer", "shorter")[times]
    if (degree := _degree(case.violence, facts.violence, VIOLENCE)) is not None:
        yield ("violence", "more_violence", "less_violence")[degree]
    if (degree := _degree(case.sexual_violence, facts.sexual_violence, SEXUAL_VIOLENCE)) is not None:
        less: Point = "no_sexual_violence" if facts.sexual_violence == "none" else "less_violence"
        yield ("sexual_violence", "more_sexual_violence", less)[degree]
    if case.documents and facts.documents_taken:
        yield "documents"
    if "sexual" not in facts.forms and (times := _compare(case.hours, facts.hours_per_week, Decimal("1.25"))) is not None:
        yield ("hours", "more_hours", "fewer_hours")[times]
    if one.country != case.country:
        yield "country"


def _compare(mine: tuple[Decimal, Decimal] | None, theirs: Decimal | None, times: Decimal) -> Literal[0, 1, 2] | None:
    """0 = within the factor, 1 = theirs is more, 2 = less; None = one of them is not known."""
    if mine is None or theirs is None:
        return None
    if theirs > mine[1] * times:
        return 1
    return 2 if theirs * times < mine[0] else 0


def _degree(mine: str | None, theirs: str | None, order: tuple[str, ...]) -> Literal[0, 1, 2] | None:
    """0 = the same degree of harm, 1 = theirs is more, 2 = less; None = one of them is not known, or neither was harmed."""
    if mine is None or theirs is None or mine == theirs == order[0]:
        return None
    if mine == theirs:
        return 0
    return 1 if order.index(theirs) > order.index(mine) else 2


def _band(head: str, of_state: list[Compared]) -> tuple[Decimal, Decimal, str] | None:
    """The least and the most that people in cases alike got for one head, and in which money; None below three such decisions.

    How long it lasted makes the wages: of these only what lasted about as long counts.
    """
    counted = [one for one in of_state if one.is_alike and one.published.award.confidence != "unverified" and any(map(_of_one, one.sums))]
    if vocabulary.families().get(head) == "wages":
        counted = [one for one in counted if "months" in one.alike]
    if len(counted) < ENOUGH_FOR_A_BAND or len({one.published.award.currency for one in counted}) > 1:
        return None
    sums = [told.awarded for one in counted for told in one.sums if told.awarded and _of_one(told)]
    return min(sums), max(sums), counted[0].published.award.currency


def _of_one(told: AwardSum) -> bool:
    """Whether a sum is known and one person's."""
    return bool(told.awarded) and not told.for_all


def _says_something_abroad(kind: str, head: str | None, sums: tuple[AwardSum, ...], set_by_a_person: frozenset[str]) -> bool:
    """Whether a decision of another State can stand beside a head at all: a court sets its sum (a fund has its own law), wages are not
    another country's, and the sum is one person's."""
    if kind == "state_fund" or (head is not None and (head not in set_by_a_person or vocabulary.families().get(head) == "wages")):
        return False
    return bool(set_by_a_person) and any(map(_of_one, sums))
