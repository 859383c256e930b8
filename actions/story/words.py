"""How each fact is said back: a short phrase a fact, phrases that belong together on one line under a heading."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import reduce
from typing import Any

from babel.numbers import format_decimal

from actions.interview.facts import CHANGED, date_words, in_words, pay_words
from actions.turn import Turn
from calculator import wording
from calculator.case.paths import get
from calculator.engine.result.questions import definition_of, general_path
from calculator.translation import _, _n

#: Answers that say nothing.
UNSAID = ("unknown", "declined")
WHERE = _("Where: {items}")
WHEN = _("When: {items}")
WORK = _("Work: {items}")
PAY = _("Money: {items}")
DONE = _("What they did: {items}")
YOU = _("About you: {items}")
POLICE = _("Police and court: {items}")
JOB_NUMBER = _("Job {number}: {items}")

BEGAN = _("it began: {day}")
ENDED = _("it ended: {day}")
STILL_GOES_ON = _("it has not ended")
A_WEEK = _("{hours} a week")
A_DAY = _("{hours} a day")
DAYS_A_WEEK = _("{days} a week")
GOT = _("you got {pay}")
GOT_NOTHING = _("you got nothing")
PROMISED = _("they promised {pay}")
TAKEN = _("they kept back {pay}")
FEE = _("you paid {pay} to get the work")
CITY = _("in {place}")
FROM = _("you come from {place}")
NOW_IN = _("now you are in {place}")
AGE_OF_ANOTHER = _("how old that person is: {count}")
AGE = _n("you are {count} year old", "you are {count} years old")
ADULT = _("you are 18 or older")
MINOR = _("you are under 18")
CHILDREN = _n("{count} person lives from your money", "{count} people live from your money")
CHILDREN_OF_ANOTHER = _("how many people live from that person's money: {count}")
NO_CHILDREN = _("nobody else lives from your money")
BETWEEN = _("{low} to {high}")

#: (general path, value) -> what is said of it. Only what a person wrote herself is said back, in plain and neutral words.
PHRASES: dict[tuple[str, Any], str] = {
    ("exploitation[].documents_taken", True): _("they kept your passport or papers"),
    ("exploitation[].documents_taken", False): _("you had your passport or papers"),
    ("exploitation[].freedom_restricted", True): _("you could not leave"),
    ("exploitation[].freedom_restricted", False): _("you could go out"),
    ("exploitation[].debt_bondage", True): _("they said you had to work for a debt"),
    ("exploitation[].debt_bondage", False): _("there was no debt"),
    ("exploitation[].violence", "none"): _("nobody threatened or hurt you"),
    ("exploitation[].violence", "threats"): _("they threatened you"),
    ("exploitation[].violence", "physical"): _("they hurt you"),
    ("exploitation[].violence", "severe"): _("they hurt you badly"),
    ("exploitation[].offender_relation", "employer"): _("it was a boss"),
    ("exploitation[].offender_relation", "partner"): _("it was a partner"),
    ("exploitation[].offender_relation", "relative"): _("it was a relative"),
    ("exploitation[].offender_relation", "stranger"): _("it was somebody you did not know"),
    ("exploitation[].forms", "labour"): _("you had to work"),
    ("exploitation[].forms", "domestic_servitude"): _("you had to work in a home"),
    ("exploitation[].forms", "sexual"): _("sex, or sexual pictures"),
    ("exploitation[].forms", "begging"): _("you had to beg"),
    ("exploitation[].forms", "criminal"): _("you had to do things against the law"),
    ("exploitation[].forms", "forced_marriage"): _("a marriage you did not want"),
    ("exploitation[].forms", "organ_removal"): _("you had to give an organ"),
    ("work[].live_in", True): _("you slept there"),
    ("work[].live_in", False): _("you slept somewhere else"),
    ("work[].employer_kind", "company"): _("for a company or shop"),
    ("work[].employer_kind", "private_household"): _("for a family or a private person"),
    ("work[].employer_kind", "diplomat"): _("for a diplomat"),
    ("work[].declared", "not_at_all"): _("without a contract or registration"),
    ("work[].permit_to_work", True): _("you were allowed to work"),
    ("work[].permit_to_work", False): _("you were not allowed to work"),
    ("work[].payslips", True): _("you got pay slips"),
    ("work[].payslips", False): _("you got no pay slips"),
    ("work[].termination.by", "escaped"): _("you got away"),
    ("work[].termination.by", "dismissed"): _("they sent you away"),
    ("work[].termination.by", "resigned"): _("you left"),
    ("work[].termination.by", "rescued"): _("somebody got you out"),
    ("procedure.reported_to_police", True): _("you told the police"),
    ("procedure.reported_to_police", False): _("you did not tell the police"),
    ("procedure.criminal_case.status", "investigation"): _("the police look into it"),
    ("procedure.criminal_case.status", "charged"): _("it is in court"),
    ("procedure.criminal_case.status", "convicted"): _("a court found them guilty"),
    ("procedure.criminal_case.status", "acquitted"): _("a court did not find them guilty"),
    ("procedure.criminal_case.status", "closed"): _("the case was closed"),
    ("person.immigration_status", "no_permit"): _("you have no papers"),
    ("person.immigration_status", "permit"): _("you have a permit"),
    ("person.immigration_status", "asylum_applicant"): _("you asked for asylum"),
    ("person.immigration_status", "refugee"): _("you have refugee protection"),
    ("person.immigration_status", "citizen"): _("you are a citizen"),
    ("person.immigration_status", "eu_resident"): _("you are an EU citizen"),
    ("person.immigration_status", "pending"): _("you wait for a decision on your papers"),
    ("person.marital_status", "single"): _("you are single"),
    ("person.marital_status", "married"): _("you are married"),
    ("person.marital_status", "partner"): _("you live with a partner"),
    ("person.marital_status", "divorced"): _("you are divorced"),
    ("person.marital_status", "widowed"): _("your partner died"),
}

#: The lines in the order in which they are said: heading and the paths that stand on it.
LINES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (WHERE, ("exploitation[].country", "work[].country", "exploitation[].region", "work[].locality")),
    (WHEN, ("exploitation[].start", "work[].start", "exploitation[].end", "work[].end")),
    (
        WORK,
        (
            "exploitation[].forms",
            "work[].sector",
            "work[].employer_kind",
            "work[].hours_per_week",
            "work[].hours_per_day",
            "work[].days_per_week",
            "work[].live_in",
            "work[].declared",
            "work[].permit_to_work",
            "work[].payslips",
            "work[].termination.by",
        ),
    ),
    (PAY, ("work[].paid", "work[].agreed", "work[].deductions", "losses")),
    (
        DONE,
        (
            "exploitation[].documents_taken",
            "exploitation[].freedom_restricted",
            "exploitation[].debt_bondage",
            "exploitation[].violence",
            "exploitation[].offender_relation",
        ),
    ),
    (
        YOU,
        (
            "chat.adult",
            "person.birth_year",
            "person.nationalities",
            "person.residence_country",
            "person.immigration_status",
            "person.marital_status",
            "person.dependants",
        ),
    ),
    (POLICE, ("procedure.reported_to_police", "procedure.criminal_case.status")),
)


Speaker = Callable[[Turn, Any], str]


def phrase(turn: Turn, path: str, value: Any) -> str:
    """One fact in a few words."""
    general = general_path(path)
    if isinstance(value, list) and general in ("exploitation[].forms", "exploitation[].violence"):
        return listed(turn, [phrase_of(turn, general, one) for one in value])
    if isinstance(value, str | bool) and (general, value) in PHRASES:
        return turn.translate(PHRASES[general, value])
    special = _SPECIAL.get(general) if value not in UNSAID else None
    return special(turn, value) if special is not None else in_words(turn, path, value)


def phrase_of(turn: Turn, general: str, value: Any) -> str:
    """One of several values of a fact."""
    known = PHRASES.get((general, value))
    return turn.translate(known) if known else in_words(turn, general.replace("[]", "[0]"), [value])


def lines(turn: Turn, facts: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """The lines that say facts back, each with the paths it holds; facts of a second job have a line of their own."""
    found: list[tuple[str, list[str]]] = []
    rest = dict(facts)
    for heading, generals in LINES:
        chosen = [path for general in generals for path in facts if general_path(path) == general and path in rest]
        first = [path for path in chosen if _number(path) == 0]
        if heading == WHERE:
            # The same country of the stay and of the job is said once.
            first = _once(first, facts)
        if first:
            items = listed(turn, [phrase(turn, path, facts[path]) for path in first])
            found.append((turn.words(heading, items=items), [p for p in chosen if _number(p) == 0]))
        for path in chosen:
            rest.pop(path)
    for number in sorted({_number(path) for path in facts} - {0}):
        chosen = [
            path for _, generals in LINES for general in generals for path in facts if general_path(path) == general and _number(path) == number
        ]
        if chosen:
            items = listed(turn, [phrase(turn, path, facts[path]) for path in _once(chosen, facts)])
            found.append((turn.words(JOB_NUMBER, number=number + 1, items=items), chosen))
            for path in chosen:
                rest.pop(path, None)
    for path, value in rest.items():
        found.append((_with_question(turn, path, value), [path]))
    return found


def _once(paths: list[str], facts: dict[str, Any]) -> list[str]:
    seen: set[str] = set()
    kept = []
    for path in paths:
        value = repr(facts[path])
        if not (path.endswith(".country") and value in seen):
            kept.append(path)
        seen.add(value)
    return kept


def _number(path: str) -> int:
    index = path.partition("[")[2].partition("]")[0]
    return int(index) if index.isdigit() and path.startswith(("work", "exploitation")) else 0


def _with_question(turn: Turn, path: str, value: Any) -> str:
    definition = definition_of(path)
    said = phrase(turn, path, value)
    return turn.words(_("{question} {answer}"), question=turn.translate(definition.question), answer=said) if definition else said


def listed(turn: Turn, items: Iterable[str]) -> str:
    """Phrases in a row as the language writes a row."""
    # What stands between two of many: no "and", which would tie the last two together.
    between = turn.locale.list_patterns["standard"]["middle"]
    kept = [item for item in items if item]
    return reduce(lambda one, other: str(between).format(one, other), kept) if kept else ""


def answer_line(turn: Turn, path: str, value: Any) -> str:
    """What a typed answer was understood as, for saying it back: the phrase where there is one, else the value. "I don't know" alone does not
    say of what: its question stands before it."""
    return _with_question(turn, path, value) if value in UNSAID else phrase(turn, path, value)


def say_changed(turn: Turn, path: str) -> None:
    """Say a corrected answer back, so that a wrong correction is seen."""
    turn.say(CHANGED, answer=answer_line(turn, path, get(turn.case, path)))


def _hours(turn: Turn, value: Any, template: str) -> str:
    return turn.words(template, hours=counted(turn, value, "hour"))


def counted(turn: Turn, value: Any, unit: str) -> str:
    """84 hours, 60 to 70 hours: counted as the language counts."""
    if isinstance(value, dict):
        number = turn.words(BETWEEN, low=turn.number(str(value["low"])), high=turn.number(str(value["high"])))
        high = Decimal(str(value["high"]))
        return wording.unit(high, unit, turn.language).replace(format_decimal(high, locale=turn.locale, numbering_system="latn"), number, 1)
    return turn.number(wording.unit(Decimal(str(value)), unit, turn.language))


def _country(turn: Turn, value: Any) -> str:
    return str(turn.locale.territories.get(value, value))


def _pays(turn: Turn, value: Any) -> str:
    pays = value if isinstance(value, list) else [value]
    if not pays or all(str(p.get("amount")) == "0" for p in pays if isinstance(p, dict)):
        return turn.translate(GOT_NOTHING)
    return turn.words(GOT, pay=listed(turn, [pay_words(turn, p) for p in pays]))


def _deductions(turn: Turn, value: Any) -> str:
    return turn.words(TAKEN, pay=listed(turn, [pay_words(turn, p) for p in value]))


def _birth_year(turn: Turn, value: Any) -> str:
    if isinstance(value, dict):
        age = turn.today.year - int(value["high"])
        return turn.words(AGE_OF_ANOTHER, count=age) if turn.interview.helper else turn.count(AGE, age)
    return in_words(turn, "person.birth_year", value)


def _dependants(turn: Turn, value: Any) -> str:
    if isinstance(value, int):
        if value and turn.interview.helper:
            return turn.words(CHILDREN_OF_ANOTHER, count=value)
        return turn.count(CHILDREN, value) if value else turn.translate(NO_CHILDREN)
    return in_words(turn, "person.dependants", value)


def _ended(turn: Turn, value: Any) -> str:
    if value == turn.today.isoformat():
        return turn.translate(STILL_GOES_ON)
    return turn.words(ENDED, day=date_words(turn, value))


_SPECIAL: dict[str, Speaker] = {
    "exploitation[].country": _country,
    "work[].country": _country,
    "work[].locality": lambda turn, value: turn.words(CITY, place=value),
    "exploitation[].start": lambda turn, value: turn.words(BEGAN, day=date_words(turn, value)),
    "work[].start": lambda turn, value: turn.words(BEGAN, day=date_words(turn, value)),
    "exploitation[].end": _ended,
    "work[].end": _ended,
    "work[].hours_per_week": lambda turn, value: _hours(turn, value, A_WEEK),
    "work[].hours_per_day": lambda turn, value: _hours(turn, value, A_DAY),
    "work[].days_per_week": lambda turn, value: turn.words(DAYS_A_WEEK, days=counted(turn, value, "day")),
    "work[].paid": _pays,
    "work[].agreed": lambda turn, value: turn.words(PROMISED, pay=pay_words(turn, value)),
    "work[].deductions": _deductions,
    "losses": lambda turn, value: turn.words(FEE, pay=listed(turn, [pay_words(turn, v) for v in value])),
    "person.nationalities": lambda turn, value: turn.words(FROM, place=listed(turn, [_country(turn, v) for v in value])),
    "person.residence_country": lambda turn, value: turn.words(NOW_IN, place=_country(turn, value)),
    "person.birth_year": _birth_year,
    "person.dependants": _dependants,
    "chat.adult": lambda turn, value: turn.translate(ADULT if value else MINOR),
}
