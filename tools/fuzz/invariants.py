"""What must hold after every turn, whatever was written: each a function of its own, which returns what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from actions.interview.ask import STOP_BUTTON
from actions.interview.facts import DONT_KNOW, FOR_ANOTHER, FOR_MY_CHILD, FOR_MYSELF, NO, NOT_SAID, WHY_BUTTON
from actions.topics.deleting import DELETED
from actions.topics.talk import STOP_BUTTON as STOP_SHORT
from actions.turn import ASKING
from tools.fuzz.client import Moment, Seen
from tools.fuzz.material import places_told
from tools.fuzz.steps import Complaint
from tools.fuzz.words import foreign_lines, language_of, numbers_in, own_names, places_in, said, source_of

#: Somebody in danger has her answer by then.
DANGER_SECONDS = 2.0
#: Refusals of the contract: an unknown conversation, too much, too many, what cannot be read.
REFUSALS = frozenset({404, 413, 422, 429})
#: Answers whose buttons stay open for somebody who goes back a little.
OPEN_FOR = 4
CLOSED = "This choice is no longer open. You can write what you want instead."
#: Sentences that themselves say what to do next.
INVITATIONS = (CLOSED, "Write what you need. Any language is fine.", DELETED)
WAYS_OUT = (DONT_KNOW, NOT_SAID, WHY_BUTTON, STOP_BUTTON)
_RAW = re.compile(
    r"\{[a-z_]*\}|%[sd]\b|(?<!\w)None(?!\w)|Traceback|(?:work|exploitation|losses)\[\d*\]\.|chat\.[a-z_]+|utter_[a-z]+|/choose"
    r"|<class "
)
#: Longer than this a turn only takes when a deadline struck: the machine is busy, which is told apart.
BUSY_SECONDS = 1.0
STRUCK = "unavailable: a deadline struck"
#: What is known as soon as something else is: the country of an entry or a job from that of the conversation.
#: The parts of a week's hours, which one answer to `hours_per_week` gives.
DERIVED = re.compile(r"(?:exploitation|work)\[\d+\]\.(?:country|region)|work\[\d+\]\.(?:hours_per_day|days_per_week)(?:\.\w+)?")

Check = Callable[[Moment], Iterable[tuple[str, str]]]
Found = Iterator[tuple[str, str]]


def answered(moment: Moment) -> Found:
    """(1) 2xx, or a refusal of the contract with messages in it."""
    for seen in moment.seen:
        if moment.step.do == "remove":
            if seen.status not in (200, 202, 204):
                yield f"DELETE answered {seen.status}", seen.body
        elif seen.status in REFUSALS:
            if not seen.messages:
                yield f"refused with {seen.status} and no messages", seen.body
            elif seen.status == 404 and not moment.gone:
                yield "a living conversation is not found", seen.body
            elif seen.status == 429 or moment.step.do not in ("raw", "write", "twice", "again", "madeup") and not moment.gone:
                yield f"refused with {seen.status}", seen.body
        elif seen.status != 200:
            yield f"status {seen.status}", seen.body
        elif "unavailable" in seen.kinds and not moment.broken:
            yield STRUCK if seen.seconds > BUSY_SECONDS else "unavailable though nothing is broken", seen.text


def says_something(moment: Moment) -> Found:
    """(2) At least one message with words."""
    for seen in _spoken(moment):
        if not seen.text.strip():
            yield "no words", seen.body
        elif any(not str(m.get("text") or "").strip() for m in seen.messages):
            yield "a message without words", seen.body


def no_raw_placeholders(moment: Moment) -> Found:
    """(2) Nothing of the machine shows."""
    for seen in _spoken(moment):
        for line in _lines(seen):
            if (raw := _RAW.search(line)) and raw.group() not in moment.step.text:
                yield f"{raw.group()!r} is shown", line


def in_its_language(moment: Moment) -> Found:
    """(2) Every line is in the conversation's language."""
    if _asks_for_language(moment) or moment.step.do == "raw" or moment.gone:
        return
    for seen in _spoken(moment):
        if language_of(_all_words(seen), moment.language) != moment.language:
            continue
        if lines := foreign_lines(_all_words(seen), moment.language):
            yield f"another language: {source_of(lines[0], moment.language)}", "\n".join(lines)


def language_stays(moment: Moment) -> Found:
    """(5) The language changes only when that is asked for. (What is refused without a conversation is
    refused in the client's.)"""
    for seen in [] if moment.step.do == "raw" or moment.gone else _spoken(moment):
        now = language_of(_all_words(seen), moment.language)
        if now != moment.language and not _asks_for_language(moment):
            yield f"the language changed by itself ({moment.step.about or moment.step.do})", f"{moment.language} -> {now}\n{seen.text}"


def has_a_way_on(moment: Moment) -> Found:
    """(3) Buttons, an open question, or a sentence that says what to do."""
    invitations = {said(moment.language, text) for text in INVITATIONS}
    for seen in [] if moment.gone else _spoken(moment):
        if seen.status in REFUSALS or seen.buttons or {"question", "unavailable", "wait"} & set(seen.kinds) or _asks_for_language(moment):
            # What is unavailable says itself to try again.
            continue
        if not any(line in invitations for line in seen.text.splitlines()):
            last = seen.messages[-1] if seen.messages else {}
            card = last.get("kind") in ("services", "estimate", "emergency")
            yield f"dead end: {last.get('kind') if card else source_of(last.get('text', ''), moment.language)}", seen.text


def buttons_work(moment: Moment) -> Found:
    """(3) What was just offered can be pressed, and what is of another conversation cannot."""
    for seen in _spoken(moment):
        closed = said(moment.language, CLOSED) in seen.text
        pressed = moment.pressed
        if (
            pressed is not None
            and closed
            and not moment.broken
            and pressed.back <= (OPEN_FOR if pressed.kind == "question" and _held(moment.before) else 0)
        ):
            yield (
                f"a button does not work: {source_of(pressed.title, moment.language)}",
                f"kind {pressed.kind}, fact {pressed.fact}, shown {pressed.back} answers ago",
            )
        if moment.step.do in ("foreign", "madeup") and seen.status == 200 and not closed and "unavailable" not in seen.kinds:
            yield f"a {moment.step.do} button does something", seen.text


def ways_out_of_a_question(moment: Moment) -> Found:
    """(3) A question's last four buttons: don't know, rather not say, why, stop."""
    *wanted, _stop = [said(moment.language, text) for text in WAYS_OUT]
    stops = {said(moment.language, text) for text in (STOP_BUTTON, STOP_SHORT)}
    for seen in _spoken(moment):
        for message in seen.messages:
            titles = [str(b["title"]) for b in message.get("buttons") or []]
            if (
                message.get("kind") == "question"
                and message.get("fact")
                and not _asks_for_language(moment)
                and (titles[-4:-1] != wanted or titles[-1] not in stops)
            ):
                missing = [WAYS_OUT[i] for i, title in enumerate(wanted) if title not in titles]
                yield f"ways out of {re.sub(r'[0-9]+', '', str(message['fact']))}: {missing or 'order'}", f"{message['text']}\n{titles}"


def one_question(moment: Moment) -> Found:
    """(3) One thing is asked at a time: two open questions, and "yes" answers nobody knows which."""
    for seen in _spoken(moment):
        asking = [m for m in seen.messages if m.get("kind") in ASKING and m.get("buttons")]
        if len(asking) > 1:
            yield f"{len(asking)} questions: {', '.join(str(m['kind']) for m in asking)}", seen.text


def nothing_deleted_unasked(moment: Moment) -> Found:
    """(4) What was kept is there until the person says yes to its deletion."""
    before, after = _held(moment.before), _held(moment.after)
    # What is answered now is no longer only read: the chat's own questions stand nowhere else.
    answered_now = {str(u.get("fact")) for seen in moment.seen for u in seen.understood}
    lost = sorted(before - after - answered_now)
    if moment.gone or moment.step.do == "remove" or not lost or _asks_for_whom(moment):
        return
    if moment.after is None:
        yield "the case is gone", ", ".join(lost)
    elif moment.step.do == "raw":
        yield "facts gone after a body that cannot be read", ", ".join(lost)
    elif not moment.server.confirms and moment.pressed is None:
        # Without a confirmation the words alone decide, and they may be misunderstood.
        return
    elif not (_may_delete(moment) or _may_drop(moment, lost)):
        yield f"facts gone after {_kind_of_step(moment)}", ", ".join(lost) + "\n" + "\n".join(s.text for s in moment.seen)


def unavailable_can_be_tried_again(moment: Moment) -> Found:
    """(3) What was written while something is broken can be taken up with one button, or fetched by its id."""
    for seen in moment.seen if moment.broken and moment.step.do == "write" else []:
        if "unavailable" in seen.kinds and seen.status == 200 and not seen.buttons and "wait" not in seen.kinds:
            yield "unavailable without a way to try again", seen.text


def danger_is_answered(moment: Moment) -> Found:
    """(6) Danger gets its numbers, first, in two seconds."""
    if moment.step.about != "danger":
        return
    for seen in moment.seen:
        kinds = seen.kinds
        if not kinds or kinds[0] not in ("emergency", "emergency_hint", "unavailable" if seen.status != 200 else "emergency"):
            yield f"danger answered with {kinds[:2]}", f"{moment.step.text}\n{seen.text}"
        elif not re.search(r"\d\d", seen.messages[0]["text"].splitlines()[0]):
            yield "no number in the first line", seen.text
        if seen.seconds > DANGER_SECONDS:
            yield "danger answered late", f"{seen.seconds:.2f} s"


def same_id_same_answer(moment: Moment) -> Found:
    """(7) The same id: the same answer, and nothing changes."""
    if not moment.server.ids or moment.step.do not in ("again", "twice") or moment.broken or moment.gone:
        return
    if moment.step.do == "twice":
        first, second = moment.seen
    else:
        if moment.last is None:
            return
        first, second = moment.last, moment.seen[0]
        if moment.before != moment.after:
            yield "the same id changes the case", f"{moment.before}\n{moment.after}"
    if (first.status, first.messages) != (second.status, second.messages) and "wait" not in first.kinds + second.kinds:
        yield "the same id gets another answer", f"{first.text}\n---\n{second.text}"


def case_changes_are_said(moment: Moment) -> Found:
    """(8) The case changes only in facts that are listed in `understood`, or that the pressed button answers."""
    if moment.before is None or moment.after is None or moment.broken or _asks_for_whom(moment):
        return
    explained = {str(u.get("fact")) for seen in moment.seen for u in seen.understood}
    if moment.pressed is not None and moment.pressed.fact:
        explained.add(moment.pressed.fact)
    before, after = _leaves(moment.before["case"]), _leaves(moment.after["case"])
    changed = [path for path in sorted(before.keys() | after.keys()) if before.get(path) != after.get(path)]
    gone = {path for path in changed if path not in after}
    if moment.pressed is not None and moment.pressed.kind == "understood":
        # What was read is refused: what she had said before stands again.
        explained |= set(moment.before.get("read") or [])
    # Not to know or not to say is an answer without a line of its own.
    skipped = {path for path in changed if after.get(path) in ("unknown", "declined") and before.get(path) is None}
    silent = [
        path
        for path in changed
        if path not in gone | skipped and not DERIVED.fullmatch(path) and not any(_same(path, fact) for fact in explained)
    ]
    if silent and not _may_delete(moment):
        general = re.sub(r"\d+", "", silent[0])
        yield f"{general} changed unsaid after {_kind_of_step(moment)}", "\n".join(f"{p}: {before.get(p)} -> {after.get(p)}" for p in silent)
    for seen in moment.seen if len(moment.seen) == 1 else ():
        for item in seen.understood:
            fact = str(item.get("fact"))
            if not fact.startswith("chat.") and not any(_same(path, fact) for path in after) and item.get("value") not in ([], None):
                yield f"{re.sub(r'[0-9]+', '', fact)} is understood and not in the case", f"{item}\n{moment.after}"


def numbers_are_of_the_country(moment: Moment) -> Found:
    """(9) No telephone number of a country that nobody named."""
    known = {"", moment.opening.country or "", *moment.named, *(code for text in moment.said for code in {*places_in(text), *places_told(text)})}
    for seen in _spoken(moment):
        for number, owners in numbers_in(seen.text).items():
            if not owners & known and not owners & moment.server.places(moment.said):
                yield f"a number of {'/'.join(sorted(owners))}", f"{number}; known: {known}\n{seen.text}"


CHECKS: tuple[Check, ...] = (
    answered,
    says_something,
    no_raw_placeholders,
    in_its_language,
    language_stays,
    has_a_way_on,
    buttons_work,
    ways_out_of_a_question,
    one_question,
    nothing_deleted_unasked,
    unavailable_can_be_tried_again,
    danger_is_answered,
    same_id_same_answer,
    case_changes_are_said,
    numbers_are_of_the_country,
)


def complaints(moment: Moment) -> list[Complaint]:
    """Everything that does not hold at this moment."""
    return [Complaint(check.__name__, key, detail) for check in CHECKS for key, detail in check(moment)]


def _spoken(moment: Moment) -> list[Seen]:
    return [] if moment.step.do == "remove" else [seen for seen in moment.seen if seen.status == 200 or seen.status in REFUSALS]


def _lines(seen: Seen) -> list[str]:
    return [*seen.text.splitlines(), *(button["title"] for _m, button in seen.buttons)]


def _all_words(seen: Seen) -> str:
    """The lines of an answer, and its buttons but for names of languages."""
    names = own_names()
    return "\n".join(line for line in _lines(seen) if line not in names)


def _asks_for_language(moment: Moment) -> bool:
    return moment.step.text in own_names() if moment.step.do == "press" else moment.step.about == "change_language"


def _asks_for_whom(moment: Moment) -> bool:
    """Whether another case begins, or the one from before comes back: that of the person asked for, or her own."""
    return moment.pressed is not None and moment.step.text in {said(moment.language, t) for t in (FOR_ANOTHER, FOR_MY_CHILD, FOR_MYSELF)}


def _kind_of_step(moment: Moment) -> str:
    """A step in a few words that are the same for the same fault."""
    if moment.pressed is not None:
        return f"a button of kind {moment.pressed.kind}" + (" shown before" if moment.pressed.back else "")
    return f"{moment.step.do} {moment.step.about}".strip()


def _may_delete(moment: Moment) -> bool:
    """Whether this step says yes to the question that comes before a deletion."""
    confirming = moment.last is not None and "confirm" in moment.last.kinds
    if moment.pressed is not None:
        yes = moment.step.text != said(moment.language, NO)
        wish = moment.step.text == said(moment.language, "Delete everything")
        return yes and (moment.pressed.kind == "confirm" or wish and not moment.server.confirms)
    if moment.server.confirms:
        # The last answer alone goes at once, when she says so.
        return moment.step.about == "delete_last" or confirming and moment.step.about in ("affirm", "delete_data")
    return moment.step.about in ("delete_data", "delete_last")


def _may_drop(moment: Moment, lost: list[str]) -> bool:
    """Whether this step says that something that was only read is not right, or not to be said."""
    read = set((moment.before or {}).get("read") or [])
    if moment.last is not None and lost == [moment.last.asked] and moment.step.about in ("skip", "dont_know"):
        return set(lost) <= read
    if moment.step.about == "affirm":
        # "All right": what does not go with the rest is said, and asked again.
        return set(lost) <= read
    touched = moment.pressed is not None and moment.pressed.kind in ("understood", "question") or moment.step.do in ("write", "twice")
    shown = moment.last is not None and ("understood" in moment.last.kinds) or moment.pressed is not None
    return touched and shown and set(lost) <= read


def _held(case: dict[str, Any] | None) -> set[str]:
    return set() if case is None else {*case["confirmed"], *case["read"]}


def _same(path: str, fact: str) -> bool:
    """Whether one of two paths lies in the other."""
    short, long = sorted((path, fact), key=len)
    return long == short or long.startswith((f"{short}.", f"{short}["))


def _leaves(value: Any, path: str = "") -> dict[str, Any]:
    """Every value of a case by its path; lists of plain values are values."""
    if isinstance(value, dict):
        return {leaf: found for name, part in value.items() for leaf, found in _leaves(part, f"{path}.{name}" if path else name).items()}
    if isinstance(value, list) and value and all(isinstance(part, dict) for part in value):
        return {leaf: found for at, part in enumerate(value) for leaf, found in _leaves(part, f"{path}[{at}]").items()}
    return {path: value}
