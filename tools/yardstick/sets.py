"""Each set of a language measured: {measure: (hits, of)}."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from calculator import yaml12
from calculator.case.paths import get
from tools.yardstick.ask import Asker, Heard
from tools.yardstick.compare import compare
from tools.yardstick.grade import AGAIN, PARTLY, RIGHT, TODAY, WRONG, ends, holds_time, near, same_pay, same_time

ROOT = Path(__file__).parents[2] / "tests" / "yardsticks"
LANGUAGES = sorted(p.name for p in ROOT.iterdir() if p.is_dir())
ASKED = {
    "begin": "exploitation[0].start",
    "end": "exploitation[0].end",
    "hours": "work[0].hours_per_week",
    "pay": "work[0].paid",
    "adult": "chat.adult",
    "police": "procedure.reported_to_police",
}
Tally = dict[str, list[int]]
#: Topics that get the same help, and guesses that are one tap away.
SAME_HELP = ({"tell_story", "am_i_victim", "past_harm"},)


#: Answers and texts to develop the readers with, by another hand: `--only typed told` measures on them and prints what was not right.
TYPED = Path(__file__).parents[2] / "tests" / "actions" / "typed"
TOLD = TYPED.parent / "told"


def load(language: str, name: str) -> Any:
    return yaml12.load((ROOT / language / f"{name}.yaml").read_text(encoding="utf-8"))


def tally() -> Tally:
    return defaultdict(lambda: [0, 0])


def count(found: Tally, measure: str, hit: bool, weight: int = 1) -> None:
    found[measure][0] += int(hit) * weight
    found[measure][1] += weight


def told(asker: Asker, language: str) -> Tally:
    """The texts to develop by, all kinds of them."""
    sets: dict[str, list[Any]] = defaultdict(list)
    for path in sorted(TOLD.glob(f"{language}*.yaml")):
        for kind, items in yaml12.load(path.read_text(encoding="utf-8")).items():
            sets[kind] += items
    return {
        **of_stories(asker, language, sets["stories"], show=True),
        **of_overs(asker, language, sets["overs"], show=True),
        **of_nofacts(asker, language, sets["nofacts"], show=True),
        **of_danger(asker, sets["danger"], show=language),
        **of_calm(asker, sets["calm"], show=language),
        **of_topics(asker, sets["topics"], show=language),
    }


def danger(asker: Asker, language: str) -> Tally:
    return of_danger(asker, load(language, "danger"))


def of_danger(asker: Asker, items: list[dict[str, Any]], show: str = "") -> Tally:
    """Dangers seen, sure, and of the right kind."""
    found = tally()
    for item in items:
        parse = asker.parse(item["text"])["danger"]
        if show and (parse["level"] == "none" or parse["kind"] != item["kind"]):
            print(show, "DANGER", item["kind"], "|", item["text"], "| got", parse["level"], parse["kind"])
        count(found, "danger: seen", parse["level"] != "none")
        count(found, "danger: sure", parse["level"] == "sure")
        count(found, "danger: right kind", parse["kind"] == item["kind"])
        if item["kind"] == "medical":
            count(found, "danger: medical, right kind", parse["kind"] == "medical")
    return found


def calm(asker: Asker, language: str) -> Tally:
    return of_calm(asker, load(language, "calm"))


def of_calm(asker: Asker, items: list[dict[str, Any]], show: str = "") -> Tally:
    """Calm messages that got a full emergency, or a line of numbers."""
    found = tally()
    for item in items:
        level = asker.parse(item["text"])["danger"]["level"]
        if show and level != "none":
            print(show, "CALM", item["what"], "|", item["text"], "| got", level)
        for name in ("calm", f"calm, {item['what']}"):
            count(found, f"{name}: full emergency", level == "sure")
            count(found, f"{name}: line of numbers", level == "unsure")
    return found


def topics(asker: Asker, language: str) -> Tally:
    return of_topics(asker, load(language, "more")["topics"])


def of_topics(asker: Asker, items: list[dict[str, Any]], show: str = "") -> Tally:
    """Wishes that got their topic, and messages with two wishes that got both."""
    found = tally()
    for item in items:
        parse = asker.parse(item["text"])
        given = parse["intent"]["name"]
        wanted = item["intent"]
        same = given == wanted or any({given, wanted} <= group for group in SAME_HELP)
        second = item.get("second")
        if second:
            clauses = {c.get("intent") for c in parse["clauses"] if c.get("confidence", 0) >= 0.7} | {given}
            count(found, "topics: two wishes, both", {wanted, second} <= clauses)
            count(found, "topics: two wishes, one", given in (wanted, second))
        else:
            count(found, "topics: right", same)
            if show and not same:
                print(show, "TOPIC", wanted, "|", item["text"], "| got", given, parse["intent_ranking"][1]["name"])
            offered = [r["name"] for r in parse["intent_ranking"] if r["name"] != "nlu_fallback"][:2]
            count(found, "topics: right, or one of two offered", same or given == "nlu_fallback" and wanted in offered)
    return found


def nofacts(asker: Asker, language: str) -> Tally:
    return of_nofacts(asker, language, load(language, "more")["nofacts"])


def of_nofacts(asker: Asker, language: str, items: list[str], show: bool = False) -> Tally:
    """Messages without a fact from which one was read."""
    found = tally()
    for text in items:
        heard = asker.at(None, text, language, None)
        if show and heard.told["read"]:
            values = {path: get(heard.told["case"], path) for path in heard.told["read"]}
            print(language, "NOFACT", "|", text, "| read", values)
        count(found, "no facts: messages from which one was read", bool(heard.told["read"]))
    return found


def answers(asker: Asker, language: str) -> Tally:
    return graded(asker, language, load(language, "answers"))


def typed(asker: Asker, language: str) -> Tally:
    """The answers to develop by; what was not right is printed, since these may be looked at."""
    found: Tally = tally()
    for path in sorted(TYPED.glob(f"{language}*.yaml")):
        for measure, (hits, of) in graded(asker, language, yaml12.load(path.read_text(encoding="utf-8")), show=True).items():
            found[measure][0] += hits
            found[measure][1] += of
    return found


def graded(asker: Asker, language: str, sets: dict[str, list[dict[str, Any]]], show: bool = False) -> Tally:
    """Typed answers by the question they answer."""
    found = tally()
    for kind, items in sets.items():
        for item in items:
            fact = ASKED[item.get("ask", "police") if kind == "yes_no" else kind]
            heard = asker.at(fact, str(item["say"]), language)
            grade = AGAIN if heard.level == "sure" else grade_answer(kind, fact, item, heard)
            if show and grade != RIGHT:
                print(
                    language,
                    kind,
                    grade.upper(),
                    "|",
                    item["say"],
                    "| wanted",
                    item["is"],
                    "| got",
                    get(heard.case, fact),
                    heard.interview.doubt or "",
                )
            count(found, f"answers, {kind}: right", grade == RIGHT)
            count(found, f"answers, {kind}: stored less exactly than told", grade == PARTLY)
            count(found, f"answers, {kind}: stored wrongly", grade == WRONG)
            count(found, f"answers, {kind}: taken for a full emergency", heard.level == "sure")
    return found


def grade_answer(kind: str, fact: str, item: dict[str, Any], heard: Heard) -> str:
    wanted = item["is"]
    doubt = heard.interview.doubt
    doubted = doubt is not None and doubt.fact == fact
    stored: Any = get(heard.case, fact)
    if fact == "chat.adult":
        stored = heard.interview.adult if heard.interview.adult is not None else "unknown" if heard.interview.adult_asked else None
    if wanted == "unknown":
        return RIGHT if stored in ("unknown", "declined") else AGAIN if stored is None else WRONG
    if wanted in ("none", "skip"):
        return RIGHT if stored in (None, "unknown", "declined") else WRONG
    if kind == "hours":
        return _hours(heard, wanted, doubted)
    if kind == "pay" and doubted and doubt is not None:
        # An amount without its period is asked about: right when none was told, and the amount is.
        return RIGHT if not wanted.get("per") and same_pay(doubt.value, wanted) else AGAIN
    if stored is None or stored in ("unknown", "declined"):
        return AGAIN if stored is None else WRONG
    if kind in ("begin", "end"):
        if wanted == "still":
            return RIGHT if stored == TODAY.isoformat() else WRONG
        return RIGHT if same_time(stored, wanted, bool(item.get("about"))) else PARTLY if holds_time(stored, wanted) else WRONG
    if kind == "pay":
        return RIGHT if same_pay(stored, wanted) else WRONG
    return RIGHT if stored == wanted else WRONG


def _hours(heard: Heard, wanted: dict[str, Any], doubted: bool) -> str:
    job = (heard.case.get("work") or [{}])[0]
    week, day = job.get("hours_per_week"), job.get("hours_per_day")
    if doubted and heard.interview.doubt is not None:
        told = next(iter(wanted.values()))
        return RIGHT if near(heard.interview.doubt.value, told) else AGAIN
    if "month" in wanted:
        return AGAIN if week is None else RIGHT if near(week, float(wanted["month"]) / 4.345) else WRONG
    if "week" in wanted:
        if week in (None, "unknown", "declined"):
            return AGAIN
        return RIGHT if near(week, wanted["week"]) else WRONG
    if day is not None:
        return RIGHT if near(day, wanted["day"]) else WRONG
    if week in (None, "unknown", "declined"):
        return AGAIN
    low, high = ends(week)
    return RIGHT if low >= ends(wanted["day"])[0] * 5 - 2 and high <= ends(wanted["day"])[1] * 7 + 2 else WRONG


def stories(asker: Asker, language: str) -> Tally:
    return of_stories(asker, language, load(language, "stories"))


def of_stories(asker: Asker, language: str, items: list[dict[str, Any]], show: bool = False) -> Tally:
    """Facts read of those told, and right of those read, in whole stories."""
    found = tally()
    for item in items:
        heard = asker.at(None, item["text"], language, None)
        told, read, right = compare(item, heard, language if show else "")
        for name in ("stories", f"stories, {'plain' if item.get('noise') == 'plain' else 'noisy'}"):
            found[f"{name}: recall"][0] += told[0]
            found[f"{name}: recall"][1] += told[1]
            found[f"{name}: precision"][0] += right
            found[f"{name}: precision"][1] += read
        count(found, "stories: taken for a full emergency", heard.level == "sure")
    return found


def overs(asker: Asker, language: str) -> Tally:
    return of_overs(asker, language, load(language, "more")["overs"])


def of_overs(asker: Asker, language: str, items: list[dict[str, Any]], show: bool = False) -> Tally:
    """Facts read of those told in answers that say more than was asked."""
    found = tally()
    for item in items:
        fact = ASKED.get(item["asked"], item["asked"])
        heard = asker.at(fact, str(item["say"]), language, case={"exploitation": [{}], "work": [{}]})
        told, read, right = compare(item, heard, language if show else "")
        found["over-answers: recall"][0] += told[0]
        found["over-answers: recall"][1] += told[1]
        found["over-answers: precision"][0] += right
        found["over-answers: precision"][1] += read
    return found


SETS = {
    "danger": danger,
    "calm": calm,
    "topics": topics,
    "nofacts": nofacts,
    "answers": answers,
    "typed": typed,
    "told": told,
    "stories": stories,
    "overs": overs,
}
__all__ = ["LANGUAGES", "SETS", "WRONG"]
