"""The next question: what the engine wants to know, one at a time, with its reason and a way round it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.interview.facts import DONT_KNOW, HOW_OLD, NO, NOT_SAID, NOTHING, WHY_BUTTON, YES, for_whom
from actions.story.words import answer_line
from actions.topics.country import NO_RULES_FOR, WHICH, country_buttons, country_name
from actions.turn import Button, Turn
from calculator import api
from calculator.case.paths import get
from calculator.case.read import read_case
from calculator.engine.result.interview import Interview
from calculator.engine.result.questions import Question, choices_of, definition_of, general_path, next_questions
from calculator.errors import CaseError
from calculator.translation import _
from calculator.vocabulary import FactDefinition
from envelope import Extras

#: Questions of the chat itself, which no rule reads.
ADULT = "chat.adult"
MORE_WORK = "chat.more_work"
COUNTRY = "exploitation[0].country"
#: In which country another job was; answered once for each.
WORK_COUNTRY = "chat.work_country"

WHY_AGE = _("People under 18 have more rights. I then show who protects them.")
ANOTHER_JOB = _("Was there another job or another boss, apart from this one?")
WHY_ANOTHER = _("I work out each job separately.")
WHERE_WORK = _("In which country was that job?")
WHY_WHERE = _("Each country has its own rules.")
ABOUT_JOB = _("About job number {number}:")
TO = _("{low} to {high}")
STILL = _("It has not ended")
STOP_BUTTON = _("Stop and show the result")
SAID_BACK = _("I understood: {answer}.")
GUESS = _("Perhaps I understood this: {answer}?")
UNDERSTOOD_ONE = _("I understood this: {answer}. Is that right?")
YES_GUESS = _("Yes: {answer}")
MONTH_EXAMPLE = _("You can write for example: March 2024, or 8 months ago.")

_WORK_FORMS = {"labour", "domestic_servitude", "begging", "criminal", "other"}


def country_of(turn: Turn) -> str | None:
    """The country whose rules are used: the one that was chosen for the questions, else that of the case, else the chat's; None
    when there are no rules for it."""
    packs = api.default_rules().packs
    return next((code for code in (turn.interview.country, get(turn.case, COUNTRY), turn.country) if code in packs), None)


def other_countries(turn: Turn) -> list[str]:
    """Countries of the case that have rules, apart from the one that is being worked out."""
    packs = api.default_rules().packs
    named = [entry.get("country") for entry in turn.case.get("exploitation") or [] if isinstance(entry, dict)]
    return [code for code in dict.fromkeys(named) if code in packs and code != country_of(turn)]


def entry_of(turn: Turn, country: str | None) -> int:
    """The number of the country's entry under `exploitation`; 0 when it has none yet."""
    entries = turn.case.get("exploitation") or []
    return next((i for i, entry in enumerate(entries) if entry.get("country") == country), 0)


def prepare(turn: Turn) -> None:
    """What is already known goes into the case: the country, and an entry for work where there was work."""
    country = country_of(turn)
    if country:
        if not isinstance(turn.case.get("exploitation"), list) or not turn.case["exploitation"]:
            turn.case["exploitation"] = [{}]
        for entry in turn.case["exploitation"]:
            if entry.get("country") in (None, "unknown", "declined"):
                entry["country"] = country
            if turn.region and turn.region.startswith(country):
                entry.setdefault("region", turn.region)
        for job in turn.case.get("work") or []:
            # Told before its country was known ("they paid me nothing"): it was in the country that is asked about.
            if job.get("country") is None:
                job["country"] = country
    forms = get(turn.case, f"exploitation[{entry_of(turn, country)}].forms")
    jobs = turn.case.get("work") or []
    if country and isinstance(forms, list) and _WORK_FORMS.intersection(forms) and all(j.get("country") != country for j in jobs):
        turn.case["work"] = [*jobs, {"country": country}]


def wanted_facts(turn: Turn) -> list[str]:
    """What the engine would still ask in the chat, best first. Only the first is sure to be worth asking: the others are
    looked at when it is their turn."""
    country = country_of(turn)
    interview = Interview(read_case(turn.case), api.default_rules(), turn.today, [country] if country else None)
    exact = turn.interview.exact
    candidates = [
        q
        for q in next_questions(interview.found, sensitive=exact and turn.interview.sensitive, more=exact)
        if get(turn.case, q.fact) is None and _askable(q)
    ]
    while candidates and not interview.can_change(candidates[0]):
        candidates.pop(0)
    return [q.fact for q in candidates]


def next_fact(turn: Turn) -> tuple[str | None, int]:
    """(path of the next question, how many are left with it); None when nothing asked could change the result."""
    prepare(turn)
    state = turn.interview
    if country_of(turn) is None:
        # Without a country there are no rules to work with; it is asked once.
        return (None, 0) if state.country_unsaid or get(turn.case, COUNTRY) is not None else (COUNTRY, 9)
    if not state.adult_asked:
        if ADULT in state.told and state.told[ADULT].value is False:
            # Said in free text: it protects at once, and is not asked again.
            state.adult_asked, state.adult = True, False
        else:
            return ADULT, 9
    days = _days_of_hours(turn)
    if days is not None:
        return days, 9
    try:
        wanted = wanted_facts(turn)
    except CaseError:
        return None, 0
    if state.adult is False:
        # For someone under 18 only what rights and deadlines need; amounts are worked out with an adult who helps.
        wanted = [f for f in wanted if general_path(f) in ("exploitation[].forms", "exploitation[].end")]
    elif state.where_work:
        return WORK_COUNTRY, len(wanted) + 1
    elif _job_complete(turn) and not state.more_work_asked:
        return MORE_WORK, len(wanted) + 1
    return (wanted[0], len(wanted)) if wanted else (None, 0)


def _days_of_hours(turn: Turn) -> str | None:
    """Days a week, where hours a day were told and the week is not known."""
    for number, job in enumerate(turn.case.get("work") or []):
        if (
            isinstance(job, dict)
            and job.get("hours_per_day") is not None
            and job.get("hours_per_week") is None
            and job.get("days_per_week") is None
        ):
            return f"work[{number}].days_per_week"
    return None


#: Types of facts that the chat has a reader for, or buttons.
_READABLE = frozenset({"date", "number", "yes_no", "choice", "choices", "money", "pay", "pays"})


def _askable(question: Question) -> bool:
    return question.type in _READABLE and question.definition.id != "act.country"


def choices(turn: Turn, definition: FactDefinition) -> dict[str, str]:
    """The answers to choose from; for the part of the country those of the chat's country."""
    country = country_of(turn)
    pack = api.default_rules().packs.get(country) if country else None
    return choices_of(definition, [pack] if pack else [])


def _job_complete(turn: Turn) -> bool:
    jobs = turn.case.get("work") or []
    last = jobs[-1] if jobs else {}
    return bool(jobs) and last.get("paid") is not None and (last.get("hours_per_week") or last.get("hours_per_day")) is not None


def ask(turn: Turn, fact: str, left: int) -> None:
    """One question, with buttons where choosing is easier than writing. Every button is bound to its question."""
    turn.asked = fact
    definition = definition_of(fact)
    if fact == COUNTRY:
        buttons = country_buttons(turn, _payload(fact, "%s"))
        if turn.country and turn.pack is None and turn.contacts:
            # She has said where: that it cannot be worked out there is said, and what is known of it is one tap away.
            turn.say(NO_RULES_FOR, country=country_name(turn, turn.country))
            buttons.insert(0, Button(country_name(turn, turn.country), f'/change_country{{"country": "{turn.country}"}}'))
        _say_question(turn, fact, [turn.translate(WHICH)], buttons, left)
    elif fact == ADULT:
        _yes_or_no(turn, HOW_OLD, fact, left, for_whom(turn))
    elif fact == MORE_WORK:
        _yes_or_no(turn, ANOTHER_JOB, fact, left)
    elif fact == WORK_COUNTRY:
        _say_question(turn, fact, [turn.translate(WHERE_WORK)], country_buttons(turn, _payload(fact, "%s")), 0)
    elif definition is not None:
        _ask_fact(turn, fact, definition, left)


def _ask_fact(turn: Turn, fact: str, definition: FactDefinition, left: int) -> None:
    lines = [turn.translate(definition.question)]
    index = fact.partition("[")[2].partition("]")[0]
    if fact.startswith("work[") and index not in ("", "0"):
        lines.insert(0, turn.words(ABOUT_JOB, number=int(index) + 1))
    if definition.type == "date":
        lines.append(turn.translate(MONTH_EXAMPLE))
    buttons = options(turn, fact, definition)
    guess = turn.interview.told.get(fact)
    if guess is not None:
        # Read from free text but not sure: asked with the guess as a button.
        said = answer_line(turn, fact, guess.value)
        lines.append(turn.words(UNDERSTOOD_ONE if guess.sure else GUESS, answer=said))
        buttons = [Button(turn.words(YES_GUESS, answer=said), _payload(fact, "guess")), *buttons]
    _say_question(turn, fact, lines, buttons, left)


def _say_question(turn: Turn, fact: str, lines: list[str], buttons: list[Button], left: int) -> None:
    """A question below what the last typed answer was understood as, with the ways round it."""
    said_back = [turn.words(SAID_BACK, answer=line) for line in turn.interview.said_back]
    turn.interview.said_back = []
    turn.say_lines(
        [*said_back, *lines, *_progress(turn, left)],
        kind="question",
        fact=fact,
        extras=_bar(turn, left),
        buttons=[*buttons, *ways_out(turn, fact)],
    )


def options(turn: Turn, fact: str, definition: FactDefinition) -> list[Button]:
    """The buttons that answer a question."""
    answers = choices(turn, definition)
    if answers:
        return [turn.button(title, _payload(fact, value)) for value, title in answers.items()]
    if definition.type == "yes_no":
        return [turn.button(YES, _payload(fact, "true")), turn.button(NO, _payload(fact, "false"))]
    if definition.offer:
        return [Button(in_numbers(turn, low, high), _payload(fact, f"{low}..{high}")) for low, high in definition.offer]
    if definition.type == "pays":
        return [turn.button(NOTHING, _payload(fact, "nothing"))]
    if general_path(fact) in ("exploitation[].end", "work[].end"):
        return [turn.button(STILL, _payload(fact, "still"))]
    return []


def in_numbers(turn: Turn, low: int, high: int) -> str:
    """A number or a range as a button shows it."""
    return turn.number(str(low)) if low == high else turn.words(TO, low=turn.number(str(low)), high=turn.number(str(high)))


def _yes_or_no(turn: Turn, text: str, fact: str, left: int, others: Sequence[Button] = ()) -> None:
    lines = [turn.translate(text)]
    told = turn.interview.told.get(fact)
    if told is not None:
        # Read from free text, and never confirmed: said with the question, which yes and no answer.
        lines.append(turn.words(UNDERSTOOD_ONE, answer=answer_line(turn, fact, told.value)))
    _say_question(turn, fact, lines, [turn.button(YES, _payload(fact, "true")), turn.button(NO, _payload(fact, "false")), *others], left)


def _progress(turn: Turn, left: int) -> list[str]:
    if left <= 0 or len(turn.interview.order) < 3:
        return []
    return [turn.left(left)]


def _bar(turn: Turn, left: int) -> Extras:
    """How far the interview is, for clients that draw it; nothing while the number is only a guess."""
    return Extras(shown={"progress": {"answered": len(turn.interview.order), "left": left}}) if _progress(turn, left) else Extras()


def ways_out(turn: Turn, fact: str) -> list[Button]:
    """Not knowing, not saying, the reason, and the end are always one press away."""
    return [
        turn.button(DONT_KNOW, _payload(fact, "unknown")),
        turn.button(NOT_SAID, _payload(fact, "declined")),
        turn.button(WHY_BUTTON, "/ask_why"),
        turn.button(STOP_BUTTON, "/stop"),
    ]


def _payload(fact: str, value: str) -> str:
    return f'/choose{{"fact": "{fact}", "value": "{value}"}}'


def why(turn: Turn) -> None:
    """The reason of the question that is open, and the law's part in it."""
    fact = turn.asked or ""
    reasons: dict[str, str] = {ADULT: WHY_AGE, MORE_WORK: WHY_ANOTHER, WORK_COUNTRY: WHY_WHERE}
    definition: Any = definition_of(fact)
    turn.say(reasons.get(fact) or (definition.why if definition else WHY_AGE))
