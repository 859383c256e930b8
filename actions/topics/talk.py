"""Greeting, listening, and what is said when nothing else fits. Never a label, never blame, always a way on."""

from __future__ import annotations

from actions.interview.facts import for_whom
from actions.turn import Button, Turn
from calculator.emergency import Words, numbers_of
from calculator.translation import _

HELLO = _("Hello. I am a computer program, not a person. I can tell you about your rights, safe places and money you may claim.")
HELLO_SAFE = _("Is it safe to write now? You can leave this page or delete everything at any time.")
HELLO_NOT_LAWYER = _("I give information. I am not a lawyer.")
WHAT_HELPS = _("What would help you most now?")
THANKS = _("You are welcome. I am here if you need more.")
GOODBYE = _("Take care of yourself. You can delete this chat now if you want.")
HEARD = _("Thank you for telling me. What was done to you is not your fault.")
STILL_IN_IT = _("If you are still there: you can get help to leave, also at night. You do not need papers or proof for that.")
HEARD_RIGHTS = _("You may have a right to help, to a safe place and to money.")
PAST = _("I am sorry that this happened to you. It was not your fault. You decide what you tell.")
PAST_SAFE = _("If it starts again or you feel in danger, write it here. I will show the emergency number at once.")
OUT_OF_SCOPE = _("I cannot help with that. I know about rights, help and money after exploitation.")
NOT_UNDERSTOOD = _("I did not understand that. You can say it in other words, or choose:")
DID_YOU_MEAN = _("I am not sure what you mean. Is it one of these?")
WHY_HERE = _("I only ask what I need to work out your rights. You can skip any question.")
NOTHING_TO_STOP = _("No question is open now. You can leave or delete everything at any time.")
ARE_YOU_SAFE = _("I am not sure if you are in danger now.")
IN_DANGER = _("I am in danger now")
NOT_IN_DANGER = _("I am safe now")
GLAD_SAFE = _("Good that you told me.")
NOT_SAFE = _("It is not safe now")

SHELTER = _("A safe place")
MONEY = _("Money I can claim")
LEGAL = _("A lawyer or advice")
RESIDENCE = _("Papers and staying here")
DOCTOR = _("A doctor")
PERSON = _("Talk to a person")
PSYCHOLOGIST = _("Someone to talk to about what happened")
POLICE = _("The police")
PRIVACY = _("Is this private?")
DELETE = _("Delete everything")
STOP_BUTTON = _("Stop")
EVIDENCE = _("What should I keep?")
DEADLINES = _("Until when can I claim?")
CHILDREN = _("Help for a child")
HOME = _("Going home")
FAMILY = _("My family is threatened")
VICTIM_TITLE = _("Was it trafficking?")

#: Intent -> the words of its button, in the order of the first menu.
MENU = {
    "ask_shelter": SHELTER,
    "ask_compensation": MONEY,
    "ask_legal_help": LEGAL,
    "ask_residence": RESIDENCE,
    "ask_medical": DOCTOR,
    "talk_to_human": PERSON,
    "ask_privacy": PRIVACY,
}
TITLES = {
    **MENU,
    "ask_psychological": PSYCHOLOGIST,
    "report_police": POLICE,
    "delete_data": DELETE,
    "ask_evidence": EVIDENCE,
    "ask_deadlines": DEADLINES,
    "ask_children": CHILDREN,
    "ask_return_home": HOME,
    "ask_family_safety": FAMILY,
    "am_i_victim": VICTIM_TITLE,
}


def menu(turn: Turn) -> list[Button]:
    return [turn.button(title, f"/{intent}") for intent, title in MENU.items()]


def lead_on(turn: Turn) -> None:
    """No answer is a dead end: where it offers nothing and asks nothing, the menu follows. Not after everything was deleted: that is an end."""
    if any(message.buttons or message.kind == "question" or message.extras.wipe for message in turn.messages):
        return
    turn.say(WHAT_HELPS, buttons=menu(turn))


def greet(turn: Turn) -> None:
    turn.say_lines([turn.translate(HELLO), turn.translate(HELLO_NOT_LAWYER)])
    turn.say(HELLO_SAFE)
    turn.interview.safe_asked = not turn.in_form
    not_safe = turn.button(NOT_SAFE, '/choose{"fact": "safe", "value": "no"}')
    turn.say(WHAT_HELPS, buttons=[*menu(turn), *for_whom(turn), not_safe])


def thank(turn: Turn) -> None:
    turn.say(THANKS)


def goodbye(turn: Turn) -> None:
    turn.say(GOODBYE, buttons=[turn.button(DELETE, "/delete_data")])


def story(turn: Turn) -> None:
    """Somebody tells: listen first, then what may follow from it, then what they want."""
    turn.say_lines([turn.translate(HEARD), turn.translate(HEARD_RIGHTS)])
    turn.say(WHAT_HELPS, buttons=[*menu(turn), turn.button(VICTIM_TITLE, "/am_i_victim")])


def after_story(turn: Turn) -> None:
    """What was told is kept: the ways on, the money first among them, and safety before it while it goes on."""
    first = ["ask_compensation", *(i for i in MENU if i != "ask_compensation")]
    if turn.interview.ongoing or turn.interview.unsafe:
        first = list(MENU)
    turn.say(WHAT_HELPS, buttons=[turn.button(MENU[intent], f"/{intent}") for intent in first])


def past_harm(turn: Turn) -> None:
    turn.say_lines([turn.translate(PAST), turn.translate(PAST_SAFE)])
    turn.say(
        WHAT_HELPS,
        buttons=[
            turn.button(TITLES[i], f"/{i}") for i in ("ask_psychological", "ask_medical", "ask_compensation", "ask_legal_help", "talk_to_human")
        ],
    )


def out_of_scope(turn: Turn) -> None:
    turn.say(OUT_OF_SCOPE, buttons=menu(turn))


def not_understood(turn: Turn) -> None:
    """An honest "did you mean" with the nearest topics, else the menu. After an emergency message unclear words most often say
    how somebody is now: nothing is asked back."""
    if turn.after_emergency:
        turn.say(WHAT_HELPS, buttons=menu(turn))
        return
    guesses = [i for i in turn.ranking if i in TITLES][:2]
    if guesses:
        ways = dict.fromkeys([*guesses, "talk_to_human"])
        turn.say(DID_YOU_MEAN, buttons=[turn.button(TITLES[i], f"/{i}") for i in ways])
    else:
        turn.say(NOT_UNDERSTOOD, buttons=menu(turn))


def unsure_danger(turn: Turn) -> None:
    """Perhaps danger: the gateway has put the number above; one calm choice, nothing else asked."""
    turn.say(
        ARE_YOU_SAFE,
        buttons=[
            turn.button(IN_DANGER, '/choose{"fact": "danger", "value": "now"}'),
            turn.button(NOT_IN_DANGER, '/choose{"fact": "danger", "value": "safe"}'),
        ],
    )


def danger_choice(turn: Turn, value: str) -> None:
    if value == "now":
        for text in Words(numbers_of(turn.contacts), turn.language).sure(turn.danger_kind):
            turn.say_lines([text], kind="emergency")
        turn.messages[-1].buttons = [turn.button(NOT_IN_DANGER, '/choose{"fact": "danger", "value": "safe"}')]
        return
    turn.interview.unsafe = turn.interview.watched = False
    turn.say(GLAD_SAFE)
    if not turn.in_form:
        turn.say(WHAT_HELPS, buttons=menu(turn))


def stop(turn: Turn) -> None:
    turn.say(NOTHING_TO_STOP, buttons=[turn.button(DELETE, "/delete_data")])


def plain_yes_or_no(turn: Turn) -> None:
    turn.say(WHAT_HELPS, buttons=menu(turn))


def why(turn: Turn) -> None:
    turn.say(WHY_HERE)
