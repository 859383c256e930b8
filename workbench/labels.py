"""What stands beside each field: the vocabulary's question where it has one, else a label of this file. Message ids of the `law` catalogue.

A worker fills in the form for somebody else, so questions are those that are asked about another person.
"""

from __future__ import annotations

from functools import cache

from calculator import vocabulary
from calculator.api import default_rules
from calculator.case.values import Kind
from calculator.engine.result.questions import definition_of
from calculator.packs.current import kept_with_rules
from calculator.translation import _
from workbench.form import Entries, Field, Part, form, path_of, walk
from workbench.values import NO, YES

_LABELS = {
    "about.name": _("Name of the case: not the real name of the client"),
    "about.notes": _("Notes. No rule reads them."),
    "about.adult": _("The client is under 18: which adult helps, such as a guardian?"),
    "person": _("The person"),
    "person.birth_date": _("Day of birth"),
    "person.education_level": _("School and training"),
    "person.convictions.*.sentence": _("What was the sentence?"),
    "person.convictions.*.spent": _("Does it no longer count (spent)?"),
    "exploitation": _("What happened"),
    "exploitation.*.acts": _("Single acts that have a day of their own"),
    "exploitation.*.acts.*.kind": _("What was it? In a few words"),
    "work": _("Jobs"),
    "work.*.country": _("In which country was the work?"),
    "work.*.absences": _("Times without work, such as illness or lock-down"),
    "work.*.absences.*.hours": _("Hours that were not worked"),
    "work.*.hours_total": _("All hours of the job together, where they are known"),
    "work.*.hours_per_day": _("Hours a day"),
    "work.*.pattern": _("Hours of a usual week, such as 08:00-12:30, 14-22"),
    "work.*.standby_nights_per_week": _("Nights a week on call"),
    "work.*.accommodation": _("Room"),
    "work.*.accommodation.provided": _("Did the employer give a room?"),
    "work.*.board": _("Food"),
    "work.*.board.charged": _("What had to be paid for food?"),
    "work.*.deductions.*.kind": _("For what? In a few words"),
    "work.*.sick_days": _("Days of illness"),
    "work.*.due_rule": _("When pay was due"),
    "work.*.termination": _("How the work ended"),
    "harm": _("Harm"),
    "harm.injuries.*.code": _("Which injury?"),
    "harm.injuries.*.tariff": _("Row of the tariff, where an office has named it"),
    "harm.injuries.*.severity": _("How bad is it?"),
    "harm.injuries.*.duration_weeks": _("How many weeks did it last?"),
    "harm.injuries.*.permanent": _("Will it stay?"),
    "harm.injuries.*.diagnosed_by": _("Who wrote it down?"),
    "harm.injuries.*.same_crime": _("From the same crime as the others?"),
    "harm.incapacity.*.percent": _("How much of the work was not possible, in per cent?"),
    "harm.pain_days": _("Days of pain, as a medical expert named them"),
    "harm.pregnancy": _("Pregnancy because of what happened"),
    "losses.*.kind": _("What was it for?"),
    "losses.*.reimbursed": _("How much of it was paid back?"),
    "procedure": _("Police, courts and offices"),
    "procedure.criminal_case": _("The criminal case"),
    "procedure.confiscation": _("Money taken from the offender by the State"),
    "procedure.claims": _("Claims that were made"),
    "procedure.claims.*.route": _("Which claim?"),
    "procedure.claims.*.result": _("What was decided? In a few words"),
    "procedure.claims.*.kind": _("How is it paid?"),
    "procedure.conciliation": _("Conciliation before a claim at work"),
    "procedure.prevented": _("Times when a claim could not be made"),
    "procedure.prevented.*.reason": _("Why not? In a few words"),
    "procedure.awards.*.country": _("In which country is the court?"),
    "procedure.awards.*.court": _("Which kind of court?"),
    "procedure.awards.*.for": _("For which losses?"),
    "procedure.awards.*.paid": _("What was paid on it"),
    "procedure.received": _("Money that came in already"),
    "procedure.received.*.from": _("From whom?"),
    "procedure.received.*.for": _("For which loss?"),
    "procedure.received.*.route": _("On which claim?"),
}
#: By the last step of the name, where the whole name has none.
_LAST = {
    "amount": _("Amount"),
    "currency": _("Currency"),
    "per": _("For how long?"),
    "basis": _("Before or after tax?"),
    "from": _("First day"),
    "to": _("Last day"),
    "start": _("First day"),
    "end": _("Last day"),
    "date": _("Day"),
    "charged": _("What had to be paid?"),
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
    "sun": _("Sunday"),
}
_ENTRIES = {"exploitation": _("Place and time {number}"), "work": _("Job {number}")}
_ENTRY = _("Entry {number}")
#: Lists whose entries have a title that says what they are.
TITLED = frozenset(_ENTRIES)

#: Words of codes that the vocabulary has none for, by the last step of the name.
_CODES = {
    "sentence": {"custody": _("Prison"), "community": _("Work for others"), "fine": _("A fine"), "other": _("Something else")},
    "severity": {"mild": _("Light"), "moderate": _("Medium"), "serious": _("Bad"), "severe": _("Very bad")},
    "per": {
        "hour": _("For an hour"),
        "day": _("For a day"),
        "week": _("For a week"),
        "month": _("For a month"),
        "total": _("For all of the time together"),
    },
    "basis": {"gross": _("Before tax"), "net": _("After tax")},
    "losses.*.kind": {
        "medical": _("Doctor or hospital"),
        "therapy": _("Therapy"),
        "travel": _("Travel"),
        "recruitment_fee": _("Money for getting the work"),
        "documents": _("Papers"),
        "property": _("Lost things and money"),
        "legal": _("Lawyer or court"),
        "relocation": _("Moving to a safe place"),
        "care": _("Care"),
        "other": _("Something else"),
    },
    "procedure.claims.*.kind": {"monthly": _("Every month"), "lump_sum": _("Once")},
    "court": {"criminal": _("Criminal court"), "civil": _("Civil court"), "labour": _("Labour court")},
    "received.*.from": {
        "offender": _("The offender"),
        "employer": _("The employer"),
        "fund": _("A fund of the State"),
        "insurance": _("An insurance"),
        "benefit": _("A social benefit"),
    },
}
YES_NO = {YES: _("Yes"), NO: _("No")}
UNSAID = {"unknown": _("Not known"), "declined": _("Does not want to say")}
NOTHING = _("There is none")

#: Other words for the same, or facts that no rule looks at: shown only where something stands in them.
SELDOM = frozenset({"work.*.absences.*.start", "work.*.absences.*.end", "work.*.due_rule", "person.education_level", "harm.pregnancy"})


def label(part: Part, of_another: bool = True) -> str:
    """The words beside a part of the form, in English; `of_another`: not as the person herself is asked. Raises KeyError where it has none."""
    own = _LABELS.get(part.name)
    definition = definition_of(path_of(part.name))
    if own is None and definition is not None:
        return vocabulary.for_another().get(definition.question, definition.question) if of_another else definition.question
    return own or _LAST[part.name.rsplit(".", 1)[-1]]


def why(part: Part) -> str | None:
    """Why it is asked, where the vocabulary says it."""
    definition = definition_of(path_of(part.name))
    return vocabulary.for_another().get(definition.why, definition.why) if definition is not None else None


def entry_title(entries: Entries) -> str:
    """The title of one entry of a list, with a place for its {number}."""
    return _ENTRIES.get(entries.name, _ENTRY)


def words(field: Field) -> dict[str, str]:
    """What can be chosen in a field, besides that it is not known: code -> words in English. Empty where anything may be typed."""
    if field.kind is Kind.YES_NO:
        return YES_NO
    if field.name in _of_packs():
        return _of_packs()[field.name]
    definition = definition_of(path_of(field.name))
    told = dict(definition.choices) if definition is not None else {}
    told = {code: vocabulary.for_another().get(text, text) for code, text in told.items()}
    last = field.name.rsplit(".", 1)[-1]
    told = told or next((_CODES[key] for key in _CODES if field.name.endswith(key) and (key == last or "." in key)), {})
    return {code: told[code] for code in field.codes} if field.codes else told


@kept_with_rules
def _of_packs() -> dict[str, dict[str, str]]:
    """What the packs and the vocabulary name, for the fields that point to it."""
    packs = default_rules().packs.values()
    regions = {region.code: region.name for pack in packs for region in pack.jurisdiction.regions}
    places = {place.code: place.name for pack in packs for place in pack.jurisdiction.localities}
    heads = vocabulary.heads()
    return {
        "exploitation.*.region": regions,
        "work.*.region": regions,
        "work.*.locality": places,
        "harm.injuries.*.code": {code: about["name"] for code, about in vocabulary.injuries().items()},
        "procedure.awards.*.for": heads,
        "procedure.received.*.for": {"award": _("The whole claim"), **_CODES["losses.*.kind"], **heads},
    }


@kept_with_rules
def routes() -> dict[str, dict[str, str]]:
    """Every way to money by its State: code of the pack -> id -> name, a message id of the `law` catalogue."""
    return {code: {name: route.raw.name for name, route in pack.routes.items()} for code, pack in default_rules().packs.items()}


#: Fields that hold the id of a way to money.
OF_ROUTES = frozenset({"procedure.claims.*.route", "procedure.received.*.route"})
#: Fields that hold a part of a country, or a city.
OF_PLACES = frozenset({"exploitation.*.region", "work.*.region", "work.*.locality"})


#: Beside what the chat asks.
_CHIEF = ("work.*.country", "person.birth_year")


@cache
def told_first() -> frozenset[str]:
    """Parts that the chat asks for, too, and all within them: what stands first in the form, the rest one step further."""
    by_name = {part.name: part for part in walk(form())}
    asked = [part for part in by_name.values() if (about := definition_of(path_of(part.name))) is not None and about.ask == "chat"]
    return frozenset({inner.name for part in asked for inner in walk(part)} | set(_CHIEF))
