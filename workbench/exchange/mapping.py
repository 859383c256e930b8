"""What our fields and those of the standard have in common: tables, each with a word on what is lost.

Read both ways: `facts` says what a case says in the standard's words; `put` writes what a field of the standard says into a case. A case is
here the text of each field by its path (`paths.flat`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from calculator.case.values import Kind as CaseKind
from calculator.case.values import read_date_range
from calculator.dates import DateRange, age_on
from workbench.exchange.paths import EMPTY_ENTRY, numbered, part_of_path
from workbench.exchange.standard import BY_NAME, OWN, Kind, NoValueError, Standard, value_in
from workbench.form import NAME, Field
from workbench.values import AND, NO, UNSAID, YES, SlipError, value_of

#: Stands in a path for the only entry of a list. Where a case has several, the standard's one field cannot say which is meant.
ONLY = "*"

#: Beside the standard, which has no field for them: the pseudonym; whether the person could not go where she wanted (its definitions have
#: a method of control for that, its list of values has none); crimes as a form of exploitation; stays after
#: the first; our whole case.
PSEUDONYM, RESTRICTED, CRIMINAL = f"{OWN}Pseudonym", f"{OWN}RestrictsMovement", f"{OWN}ForcedCriminality"
MORE_EVENTS, CASE = f"{OWN}MoreEvents", f"{OWN}case"
LOCAL = {
    PSEUDONYM: Standard(PSEUDONYM, Kind.TEXT),
    RESTRICTED: Standard(RESTRICTED, Kind.TICK),
    CRIMINAL: Standard(CRIMINAL, Kind.TICK),
}

#: Both say the same. Lost: a day of birth of which only month or year is known; who has no nationality.
SAME = {
    PSEUDONYM: NAME,
    "prs_Birthdate": "person.birth_date",
    "prs_Citizenship": "person.nationalities",
    "prs_MailingCountry": "person.residence_country",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A field with one value of a list. `out`: our code -> its value; `back`: its value -> our code, where nothing is guessed by it."""

    path: str
    out: Mapping[str, str]
    back: Mapping[str, str]


def _both_ways(path: str, out: Mapping[str, str], only_out: Iterable[str] = ()) -> Choice:
    return Choice(path, out, {theirs: ours for ours, theirs in out.items() if ours not in only_out})


CHOICES = {
    # Lost: `partner`, who may or may not be registered. Not taken: Separated, RegisteredPartnership.
    "prs_MaritalStatus": _both_ways(
        "person.marital_status", {"single": "Single", "married": "Married", "widowed": "Widowed", "divorced": "Divorced"}
    ),
    # Lost: employer, partner, household, other: none of them says how well one knew the other. Not taken: Acquainted.
    "vic_RelationshipToTrafficker": _both_ways(f"exploitation.{ONLY}.offender_relation", {"relative": "Familial", "stranger": "Unaquainted"}),
    # Lost: `sex` and `other` (the standard says: no section fits sexual exploitation). Cleaning and care are parts of their sections: which
    # part is meant nobody can tell, so these are not taken back. Not taken: all other sections.
    "vic_ForcedLabourIndustry": _both_ways(
        f"work.{ONLY}.sector",
        {
            "agriculture": "A_AgricultureForestryAndFishing",
            "factory": "C_Manufacturing",
            "construction": "F_Construction",
            "transport": "H_TransportationAndStorage",
            "hospitality": "I_AccommodationAndFoodServiceActivities",
            "cleaning": "N_AdministrativeAndSupportServiceActivities",
            "care": "Q_HumanHealthAndSocialWorkActivities",
            "domestic": "T_ActivitiesOfHouseholdsAsEmployers",
        },
        only_out=("cleaning", "care"),
    ),
    RESTRICTED: Choice(f"exploitation.{ONLY}.freedom_restricted", {YES: "true", NO: "false"}, {"true": YES, "false": NO}),
}


@dataclass(frozen=True, slots=True)
class Sign:
    """One value of a list of several: it is said where one of `codes` stands at `path`; `back` is written for it, nothing where it is empty."""

    value: str
    path: str
    codes: tuple[str, ...]
    back: str = ""


_VIOLENCE, _FORMS = f"exploitation.{ONLY}.violence", f"exploitation.{ONLY}.forms"
SIGNS = {
    "vic_MethodsOfControl": (
        # Of any stay. Lost: at which one. Threats of something else than violence are threats to us, too.
        Sign("PhysicalThreats", _VIOLENCE, ("threats",), "threats"),
        # Lost: how severe.
        Sign("PhysicalAbuse", _VIOLENCE, ("physical", "severe"), "physical"),
        # Lost: once or repeated; so it is not taken.
        Sign("SexualAbuse", f"exploitation.{ONLY}.sexual_violence", ("once", "repeated")),
        Sign("DebtBondage", f"exploitation.{ONLY}.debt_bondage", (YES,), YES),
        Sign("WithholdsDocuments", f"exploitation.{ONLY}.documents_taken", (YES,), YES),
        # No value of the list says it; the local field RESTRICTED does.
        Sign("Other", f"exploitation.{ONLY}.freedom_restricted", (YES,)),
    ),
    "vic_TypeOfExploitation": (
        Sign("SexualExploitation", _FORMS, ("sexual",), "sexual"),
        Sign("ForcedLabour", _FORMS, ("labour",), "labour"),
        Sign("Servitude", _FORMS, ("domestic_servitude",), "domestic_servitude"),
        Sign("ForcedBegging", _FORMS, ("begging",), "begging"),
        Sign("OrganRemoval", _FORMS, ("organ_removal",), "organ_removal"),
        Sign("ForcedMarriage", _FORMS, ("forced_marriage",), "forced_marriage"),
        # No value of the list says `criminal`; the local field CRIMINAL does.
        Sign("Other", _FORMS, ("criminal", "other"), "other"),
    ),
}

#: What says more than the `Other` of a list.
BESIDE_OTHER = {"vic_MethodsOfControl": RESTRICTED, "vic_TypeOfExploitation": CRIMINAL}

STATUS, WHO = "vic_TraffickingStatus", "vic_TraffickingStatusDecisionMakingOrg"
POSSIBLE, ACTUAL = "PossibleVictimOfTrafficking", "ActualVictimOfTrafficking"
#: Who identifies by law. What a helper or nobody has decided is no decision to us.
AUTHORITIES = ("Police", "CourtOrProsecution", "NonPoliceGovernmentalOrganization")
_IDENTIFIED = "procedure.identified_as_victim"

AGE = "vic_AgeWhenTrafficked"
#: Of the event that a stay is. Lost: the end of it, and a beginning of which only month or year is known.
EVENT = {"hte_Country": "country", "hte_State": "region", "hte_Date": "start"}
EVENT_TYPE, EXPLOITATION = "hte_Type", "Exploitation"

#: In this order they are put: what says more first.
MAPPED = (CRIMINAL, *CHOICES, *SAME, *SIGNS, STATUS, WHO, AGE, EVENT_TYPE, *EVENT, MORE_EVENTS)

Paths = dict[str, str]


def entries(paths: Mapping[str, str], owner: str) -> list[int]:
    """Numbers of the entries of a list."""
    return sorted({number for path in paths for name, number in numbered(path) if name == owner})


def facts(paths: Mapping[str, str], consent: bool | None = None) -> dict[str, Any]:
    """What a case says in the words of the standard; only what can be read, and only what its field can hold."""
    stays = entries(paths, "exploitation")
    found: dict[str, Any] = {name: _value(paths, path) for name, path in SAME.items()}
    # A pseudonym is never unknown, whatever it is.
    found[PSEUDONYM] = paths.get(NAME)
    for name, choice in CHOICES.items():
        said = [choice.out.get(code) for codes in _all_codes(paths, choice.path) for code in codes or [""]]
        # One field for all entries: only where they agree.
        found[name] = said[0] if said and len({*said}) == 1 else None
    found[CRIMINAL] = True if "criminal" in _any_codes(paths, _FORMS) else None
    for name, signs in SIGNS.items():
        found[name] = [value for value in BY_NAME[name].values if any(_says(paths, sign) for sign in signs if sign.value == value)]
    convicted = (
        _value(paths, "procedure.criminal_case.status") == "convicted" and _value(paths, "procedure.criminal_case.offence") == "trafficking"
    )
    found[STATUS] = ACTUAL if convicted or _value(paths, _IDENTIFIED) == "conclusive" else POSSIBLE
    # Which office decided is not asked; of a judgment it is known.
    found[WHO] = "CourtOrProsecution" if convicted else None
    found[AGE] = _age(paths, stays)
    events = [{EVENT_TYPE: EXPLOITATION, **{name: _value(paths, f"exploitation.{n}.{key}") for name, key in EVENT.items()}} for n in stays]
    found |= events[0] if events else dict.fromkeys((EVENT_TYPE, *EVENT))
    found["con_Consent"] = consent
    held = {name: _held(name, value) for name, value in found.items()}
    more = [{name: _held(name, value) for name, value in event.items()} for event in events[1:]]
    return {**held, MORE_EVENTS: more or None}


def _held(name: str, value: Any) -> Any:
    """The value, where its field can hold it."""
    try:
        return value_in(BY_NAME.get(name) or LOCAL[name], value)
    except NoValueError as error:
        return error.rest or None


def _value(paths: Mapping[str, str], path: str) -> Any:
    """What stands at a path, as the case file has it; None where it is not known or cannot be read."""
    part = part_of_path(path)
    text = paths.get(path, "")
    if not isinstance(part, Field) or text in UNSAID:
        return None
    try:
        return value_of(part, text)
    except SlipError:
        return None


def _all_codes(paths: Mapping[str, str], path: str) -> list[list[str]]:
    """The codes that stand at a path, entry by entry."""
    owner, step, rest = path.partition(f".{ONLY}.")
    places = [f"{owner}.{n}.{rest}" for n in entries(paths, owner)] if step else [path]
    return [_codes(_value(paths, place)) for place in places]


def _codes(value: Any) -> list[str]:
    if isinstance(value, bool):
        return [YES if value else NO]
    return [str(one) for one in value] if isinstance(value, list) else [str(value)] if value is not None else []


def _any_codes(paths: Mapping[str, str], path: str) -> set[str]:
    return {code for codes in _all_codes(paths, path) for code in codes}


def _says(paths: Mapping[str, str], sign: Sign) -> bool:
    return not _any_codes(paths, sign.path).isdisjoint(sign.codes)


def _age(paths: Mapping[str, str], stays: list[int]) -> int | None:
    """How old the person was when it began; None where that is not sure."""
    starts = [_days(_value(paths, f"exploitation.{n}.start")) for n in stays]
    year = _value(paths, "person.birth_year")
    birth = _days(_value(paths, "person.birth_date") or (year if isinstance(year, str) and len(year) == len("1990") else None))
    if birth is None or not starts or None in starts:
        return None
    known = [start for start in starts if start is not None]
    youngest = age_on(birth.latest, min(start.earliest for start in known))
    oldest = age_on(birth.earliest, min(start.latest for start in known))
    return youngest if youngest == oldest and youngest >= 0 else None


def _days(value: Any) -> DateRange | None:
    try:
        return read_date_range(value) if value is not None else None
    except ValueError:
        return None


def put(paths: Paths, name: str, value: Any, beside: Mapping[str, Any]) -> None:
    """Write what a field of the standard says into a case, as far as it can stand there; `beside` are the other fields of its record."""
    if name in SAME:
        _put(paths, SAME[name], AND.join(value) if isinstance(value, list) else value)
    elif name in CHOICES:
        choice = CHOICES[name]
        code = choice.back.get(str(value).lower() if isinstance(value, bool) else value)
        if code is not None and (path := _only(paths, choice.path)):
            _put(paths, path, code)
    elif name == CRIMINAL:
        _tick(paths, Sign("", _FORMS, ("criminal",), "criminal"), value)
    elif name in SIGNS:
        said = facts(paths)[name] or []
        for sign in SIGNS[name]:
            # Where our own field holds to it, what stands for it in the list was not taken away on purpose.
            kept = sign.value == "Other" and beside.get(BESIDE_OTHER[name])
            if (sign.value in value) != (sign.value in said) and not kept:
                _tick(paths, sign, sign.value in value)
    elif name == STATUS:
        if value == ACTUAL and beside.get(WHO) in AUTHORITIES:
            _put(paths, _IDENTIFIED, "conclusive")
        elif value == POSSIBLE and paths.get(_IDENTIFIED) == "conclusive":
            _drop(paths, _IDENTIFIED)
    elif name in EVENT or name == EVENT_TYPE:
        if beside.get(EVENT_TYPE) == EXPLOITATION:
            _put_event(paths, (entries(paths, "exploitation") or [1])[0], {name: value})
    elif name == MORE_EVENTS:
        stays = entries(paths, "exploitation") or [1]
        for n, event in enumerate(value, start=1):
            if event.get(EVENT_TYPE) == EXPLOITATION:
                _put_event(paths, stays[n] if n < len(stays) else stays[-1] + n - len(stays) + 1, event)


def _put_event(paths: Paths, number: int, event: Mapping[str, Any]) -> None:
    owner = f"exploitation.{number}"
    if not any(path.startswith(f"{owner}.") for path in paths):
        _put(paths, owner, EMPTY_ENTRY)
    for name, value in event.items():
        if name in EVENT and value:
            _put(paths, f"{owner}.{EVENT[name]}", value)


def _only(paths: Mapping[str, str], path: str) -> str | None:
    """The path in the only entry of its list, or in a first one; None where there are several."""
    owner, step, rest = path.partition(f".{ONLY}.")
    there = entries(paths, owner) if step else []
    if len(there) > 1:
        return None
    return f"{owner}.{there[0] if there else 1}.{rest}" if step else path


def _tick(paths: Paths, sign: Sign, on: bool) -> None:
    """Write the code of a sign, or take away all that say it."""
    path = _only(paths, sign.path)
    if path is None or (on and not sign.back):
        return
    part = part_of_path(path)
    assert isinstance(part, Field)
    there = _codes(_value(paths, path))
    several = part.kind is CaseKind.CHOICES
    left = [code for code in there if code not in sign.codes and (several and code != "none")]
    wanted = [*left, sign.back] if on else left
    if wanted:
        _put(paths, path, AND.join(code for code in part.codes if code in wanted) if several else sign.back)
    elif there:
        _drop(paths, path)


def _put(paths: Paths, path: str, text: str) -> None:
    """Write a text; what said that there was nothing around it no longer stands."""
    for owner, number in numbered(path):
        paths.pop(owner, None)
        if path != f"{owner}.{number}":
            paths.pop(f"{owner}.{number}", None)
    paths[path] = text


def _drop(paths: Paths, path: str) -> None:
    """Take a text away; its entry stays, also with nothing in it."""
    paths.pop(path, None)
    for owner, number in numbered(path):
        if not any(other.startswith(f"{owner}.{number}.") for other in paths):
            paths[f"{owner}.{number}"] = EMPTY_ENTRY
