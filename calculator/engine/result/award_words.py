"""What others got, in words: published decisions from their coded facts, and bands from their figures.

The free text of a decision is English, for lawyers; what a person reads is made of these phrases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from calculator import vocabulary, wording
from calculator.engine.result.comparing import Compared, Point
from calculator.engine.result.sentences import AT_LEAST, BETWEEN, LIST_SEPARATOR
from calculator.errors import Translate
from calculator.packs.awards import Award, AwardFacts, AwardSum, BandStatus, DecidedBy, Form, GuidelineBand, Measure
from calculator.translation import _, isolated

WHICH = _("{court} ({date})")
WHICH_ABROAD = _("{country}: {court} ({date})")
NO_DATE = _("date not known")
#: Who decided, where the name is not known.
WHO: dict[DecidedBy, str] = {
    "criminal": _("A criminal court"),
    "civil": _("A civil court"),
    "labour": _("A labour court"),
    "human_rights": _("A human rights court"),
    "fund": _("A fund or office"),
    "settlement": _("An agreement"),
}
FORMS: dict[Form, str] = {
    "labour": _("People were exploited at work."),
    "domestic_servitude": _("People were exploited at work in a home."),
    "sexual": _("People were exploited for sex."),
    "begging": _("People were made to beg."),
    "criminal": _("People were made to do things against the law."),
    "forced_marriage": _("There was a forced marriage."),
    "organ_removal": _("An organ was taken."),
}
LASTED = _("It lasted {time}.")
HOURS = _("The work was {time} a week.")
CHILD = _("The person was under 18.")
VIOLENCE = {
    "threats": _("There were threats."),
    "physical": _("There was violence."),
    "severe": _("There was very bad violence."),
}
SEXUAL_VIOLENCE = _("There was sexual violence.")
DOCUMENTS = _("The passport was taken.")
LIVE_IN = _("They had to live where they worked.")
PEOPLE = _("How many people: {number}.")
NOT_FINAL = _("A higher court could still change it.")
NO_EXPLOITATION = _("This was not exploitation. It only shows what such harm can bring.")

GIVEN = _("{head}: {amount}.")
ASKED_GIVEN = _("{head}: asked for {asked}, got {amount}.")
REFUSED = _("{head}: nothing.")
ASKED_REFUSED = _("{head}: asked for {asked}, got nothing.")
NOT_SAID = _("{head}: money was given. How much is not known.")
ASKED_NOT_SAID = _("{head}: asked for {asked}. What was given is not known.")
SEVERAL_SUMS = _("{amounts} (more than one sum)")
FOR_ALL = _("{amount} for all of them together")
#: So many sums of one decision are named; more are said as the least and the most.
MOST_SUMS = 3

LIKE_YOURS = _("Like yours: {points}.")
NOT_LIKE_YOURS = _("Different: {points}.")
POINTS: dict[Point, str] = {
    "form": _("the same kind of exploitation"),
    "other_form": _("another kind of exploitation"),
    "months": _("about as long"),
    "longer": _("it lasted longer"),
    "shorter": _("it did not last as long"),
    "child": _("under 18, too"),
    "adult": _("an adult, too"),
    "was_child": _("the person was under 18"),
    "was_adult": _("the person was an adult"),
    "violence": _("as much violence"),
    "more_violence": _("more violence"),
    "less_violence": _("less violence"),
    "sexual_violence": _("sexual violence, too"),
    "more_sexual_violence": _("more sexual violence"),
    "no_sexual_violence": _("no sexual violence"),
    "documents": _("the passport was taken, too"),
    "hours": _("about as many hours of work"),
    "more_hours": _("more hours of work"),
    "fewer_hours": _("fewer hours of work"),
    "country": _("another country"),
    "no_exploitation": _("no exploitation"),
}

NOT_TYPICAL = _("Published decisions are few and not typical. Your case can bring more or less.")
ONE_ALIKE = _("We know of only one published decision that is like your case.")
TWO_ALIKE = _("We know of only two published decisions that are like your case.")
NONE_ALIKE = _("We know of no published decision that is like your case.")
NONE_KNOWN = _("No published sum is known to us for this: {heads}.")

BANDS: dict[BandStatus, str] = {
    "binding": _("The law sets limits here. {head}: {amount}."),
    "guideline": _("Courts or offices have a guideline. {head}: {amount}. How bad the harm was decides."),
    "practice": _("Courts or offices often give this. {head}: {amount}. How bad the harm was decides."),
    "decisions": _("People in cases like yours got this. {head}: {amount}."),
}
UP_TO = _("up to {amount}")
MEASURES: dict[Measure, str] = {"money_a_day": _("{amount} for each day"), "money_a_month": _("{amount} every month")}


def which(award: Award, country: str | None, translate: Translate, language: str) -> str:
    """Who decided, and when, as exactly as it is known; the country where it is another than the reader's case."""
    # What stands behind a semicolon (an appeal, a second docket) is for lawyers, in English.
    court = isolated(award.court.partition(";")[0], language) if award.court else translate(WHO[award.decided_by])
    when = _when(award.date, translate, language)
    if country is None:
        return translate(WHICH).format(court=court, date=when)
    return translate(WHICH_ABROAD).format(country=wording.country_name(country, language), court=court, date=when)


def _when(told: str | None, translate: Translate, language: str) -> str:
    if told is None:
        return translate(NO_DATE)
    parts = [int(part) for part in told.split("-")]
    if len(parts) == 1:
        return isolated(told, language)
    return wording.month(date(parts[0], parts[1], 1), language) if len(parts) == 2 else wording.day(told, language)


def facts(award: Award, translate: Translate, language: str) -> str:
    """What happened there, in whole sentences."""
    return wording.sentences(_facts(award, award.facts, translate, language), language)


def _facts(award: Award, told: AwardFacts, translate: Translate, language: str) -> Iterator[str]:
    if award.only_compares:
        yield translate(NO_EXPLOITATION)
    else:
        # Work in a home is work: it is said once.
        forms = [form for form in told.forms if form in FORMS and not (form == "labour" and "domestic_servitude" in told.forms)]
        yield from (translate(FORMS[form]) for form in forms)
    if told.minor:
        yield translate(CHILD)
    if told.months is not None:
        yield translate(LASTED).format(time=_time(told.months, language))
    # What somebody was made to do for sex is no work.
    if told.hours_per_week is not None and "sexual" not in told.forms:
        yield translate(HOURS).format(time=wording.length(told.hours_per_week, "hour", language))
    if told.violence in VIOLENCE:
        yield translate(VIOLENCE[told.violence])
    if told.sexual_violence in ("once", "repeated"):
        yield translate(SEXUAL_VIOLENCE)
    if told.documents_taken:
        yield translate(DOCUMENTS)
    if told.live_in and "sexual" not in told.forms:
        yield translate(LIVE_IN)
    if told.victims is not None and told.victims > 1:
        yield translate(PEOPLE).format(number=isolated(str(told.victims), language))
    if award.final is False:
        yield translate(NOT_FINAL)


def _time(months: Decimal, language: str) -> str:
    """Years where they are whole ones, weeks where it was short."""
    if months >= 12 and months % 12 == 0:
        return wording.length(months / 12, "year", language)
    if months < 3 and months % 1:
        return wording.length(max((months * 52 / 12).to_integral_value(), Decimal(1)), "week", language)
    return wording.length(months.normalize(), "month", language)


def head_name(head: str) -> str:
    """The name of what a published sum is for: a message id."""
    named = vocabulary.award_heads().get(head)
    return named.name if named else vocabulary.heads()[head]


def sums(found: Compared, translate: Translate, language: str) -> list[str]:
    """What was asked for and what was given, one sentence for each head."""
    currency = found.published.award.currency
    by_head: dict[str, list[AwardSum]] = {}
    for one in found.sums:
        by_head.setdefault(one.head, []).append(one)
    return [_sum(head, told, currency, translate, language) for head, told in by_head.items()]


def _sum(head: str, told: list[AwardSum], currency: str, translate: Translate, language: str) -> str:
    name = translate(head_name(head))
    claimed = [one.claimed for one in told if one.claimed is not None]
    given = [one for one in told if one.awarded is not None]
    asked = _amounts(claimed, currency, translate, language)
    if not given:
        return translate(ASKED_NOT_SAID if claimed else NOT_SAID).format(head=name, asked=asked)
    if not any(one.awarded for one in given):
        return translate(ASKED_REFUSED if claimed else REFUSED).format(head=name, asked=asked)
    amount = _amounts([one.awarded for one in given], currency, translate, language)
    if any(one.at_least for one in given):
        amount = translate(AT_LEAST).format(amount=amount)
    if all(one.for_all for one in given):
        amount = translate(FOR_ALL).format(amount=amount)
    return translate(ASKED_GIVEN if claimed else GIVEN).format(head=name, asked=asked, amount=amount)


def _amounts(told: list[Decimal], currency: str, translate: Translate, language: str) -> str:
    if len(told) > MOST_SUMS:
        low, high = (wording.money(str(one), currency, language) for one in (min(told), max(told)))
        return low if low == high else translate(BETWEEN).format(low=low, high=high)
    written = translate(LIST_SEPARATOR).join(wording.money(str(one), currency, language) for one in told)
    return translate(SEVERAL_SUMS).format(amounts=written) if len(told) > 1 else written


def points(found: Iterable[Point], translate: Translate) -> list[str]:
    """What is alike, or different, in a few words each."""
    return [translate(POINTS[point]) for point in found]


def alike_and_different(alike: list[str], different: list[str], translate: Translate) -> list[str]:
    """One sentence of what is alike, one of what is not."""
    joined = translate(LIST_SEPARATOR).join
    return [translate(text).format(points=joined(told)) for text, told in ((LIKE_YOURS, alike), (NOT_LIKE_YOURS, different)) if told]


def of_band(
    status: BandStatus,
    head: str,
    low: Decimal | None,
    high: Decimal | None,
    currency: str,
    measure: Measure,
    translate: Translate,
    language: str,
) -> str | None:
    """A band as a sentence; None where none of its figures is money that a person can be told."""
    amount = _range(low, high, currency, translate, language)
    if amount is None or measure not in ("money", *MEASURES):
        return None
    if measure in MEASURES:
        amount = translate(MEASURES[measure]).format(amount=amount)
    return translate(BANDS[status]).format(head=translate(head_name(head)), amount=amount)


def _range(low: Decimal | None, high: Decimal | None, currency: str, translate: Translate, language: str) -> str | None:
    written = {name: wording.money(str(one), currency, language) for name, one in (("low", low), ("high", high)) if one is not None}
    if low is None and high is None:
        return None
    if high is None:
        return translate(AT_LEAST).format(amount=written["low"])
    if low is None or low == 0:
        return translate(UP_TO).format(amount=written["high"])
    return written["low"] if low == high else translate(BETWEEN).format(**written)


def ends(band: GuidelineBand) -> dict[Measure, tuple[Decimal | None, Decimal | None]]:
    """The least and the most of a band, by what its figures are; None = an end that was not seen: the most that was is not the most there is."""
    return {measure: _ends([(r.low, r.high) for r in band.rows if (r.measure or band.measure) == measure]) for measure in measures(band)}


def measures(band: GuidelineBand) -> list[Measure]:
    """What the figures of a band are."""
    return list(dict.fromkeys(row.measure or band.measure for row in band.rows))


def _ends(rows: list[tuple[Decimal | None, Decimal | None]]) -> tuple[Decimal | None, Decimal | None]:
    known = [row for row in rows if row != (None, None)]
    if not known:
        return None, None
    lows, highs = [low for low, _high in known if low is not None], [high for _low, high in known if high is not None]
    blank_first, blank_last = rows[0] == (None, None), rows[-1] == (None, None)
    if (known[0][0] or known[0][1] or 0) > (known[-1][0] or known[-1][1] or 0):
        blank_first, blank_last = blank_last, blank_first
    open_below = blank_first or any(low is None and high is not None and all(high <= one for one in lows) for low, high in known)
    open_above = blank_last or any(high is None and low is not None and all(low >= one for one in highs) for low, high in known)
    return None if open_below else min(lows, default=None), None if open_above else max(highs, default=None)
