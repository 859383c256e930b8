"""Words for danger, rendered when the product is built: the last line of defence is then a look-up.

Number first, nothing asked, nothing promised (`guidance.md`, section 2). Words are the `danger` catalogue's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from calculator import contact_words
from calculator.errors import Translate
from calculator.packs.services import Contact
from calculator.translation import _, isolated, translator
from danger.table import SORRY

KINDS = ("any", "attack", "confinement", "medical", "self_harm", "child", "other_person")
EUROPE = "112"

CALL_POLICE = _("Call {number} now, if it is safe to call.")
CALL_AMBULANCE = _("Call {number} now for an ambulance.")
SILENT_SMS = _("If you cannot speak, send a text message (SMS) to {number}.")
SILENT_APP = _("If you cannot speak: {how}")
WHERE_FIRST = _("Say first where you are: town, street, house, floor. Then say what is happening.")
WHISPER = _("You can whisper. Keep the line open if you can.")
LOCKED_IN = _("Say that you are locked in. If there is smoke or fire, say it first.")
BODY = _("Say where you are, who is hurt, and if the person is breathing or bleeding.")
LATER_HELP = _("When it is quiet, this helpline can help you: {name}, {number}.")
CALL_CRISIS = _("Talk to someone now: {name}, {number}.")
HURT_NOW = _("If you might hurt yourself now, call {number}.")
LISTENS = _("You can also talk to people who help after exploitation: {name}, {number}.")
GLAD = _("It is good that you wrote this. You matter.")
NOT_ALONE = _("Go to someone you trust, if you can. Put things away that could hurt you.")
CHILD_LINE = _("For children and young people: {name}, {number}.")
CHILD_NOW = _("Is a child in danger now? Call {number}. Say that it is about a child, and where the child is.")
CHILD_ADULT = _("You can also tell an adult you trust, such as a teacher, a doctor or a neighbour.")
CHILD_RIGHT = _("You did the right thing. It is not your fault.")
OTHER_CALL = _("Someone is in danger? Call {number} now.")
OTHER_SAFE = _("Do not go in. Wait for the police. Do not talk to the person who does harm. That can make it worse.")
OTHER_LINE = _("If it is not happening this minute: {name}, {number}.")
AUTOMATIC = _("I am a computer program, not a person. I cannot call anyone. You can leave this page at any time.")
HINT = _("In danger now? Call {number}.")
HINT_CRISIS = _("In danger now? Call {number}. Thinking of hurting yourself? {name}, {crisis}.")
HINT_CHILD = _("In danger now? Call {number}. For young people: {name}, {line}.")
SORRY_CALL = _("In danger? Call {number}.")
SORRY_LINE = _("Help for trafficked people: {name}, {number}.")
NOT_CONFIRMED = _("This number is not confirmed.")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of one country that the words need; `None` where none is good enough to show."""

    police: str
    ambulance: str
    silent: Contact | None
    crisis: Contact | None
    children: Contact | None
    trafficking: Contact | None


def _best(contacts: Iterable[Contact], reach: str) -> Contact | None:
    """The first national voice line for `reach` that is better than unverified."""
    for contact in contacts:
        fits = reach in contact.reaches and contact.channel == "voice" and contact.region is None and contact.acute
        if fits and contact.number and contact.confidence != "unverified":
            return contact
    return None


def numbers_of(contacts: list[Contact]) -> Numbers:
    """Numbers of a country; where it has none, the European emergency number. Where only the police is known, it is called for
    an ambulance too."""
    emergency = [c for c in contacts if c.emergency]
    police, ambulance = _best(emergency, "police"), _best(emergency, "ambulance")
    for_all = police.number or EUROPE if police else EUROPE
    silent = next((c for c in emergency if c.silent and not c.needs_registration and c.confidence != "unverified"), None)
    return Numbers(
        police=for_all,
        ambulance=ambulance.number or for_all if ambulance else for_all,
        silent=silent,
        crisis=_best(contacts, "crisis"),
        children=_best((c for c in contacts if not c.emergency), "children"),
        trafficking=_best((c for c in contacts if not c.emergency and not c.may_report_status), "trafficking"),
    )


class Words:
    """Sentences in one language for the numbers of one country."""

    def __init__(self, numbers: Numbers, language: str) -> None:
        self.numbers = numbers
        self.language = language
        self.translate: Translate = translator(language, "danger", "law")

    def say(self, text: str, **values: str) -> str:
        shown = {k: isolated(v, self.language) for k, v in values.items()}
        return self.translate(text).format(**shown)

    def _name(self, contact: Contact) -> str:
        return contact_words.title(contact, self.translate, self.language)

    def _line(self, text: str, contact: Contact | None) -> list[str]:
        if contact is None or not contact.number:
            return []
        return [self.say(text, name=self._name(contact), number=contact.number)]

    def _silent(self) -> list[str]:
        silent = self.numbers.silent
        if silent is None:
            return []
        if silent.channel == "sms" and silent.number:
            return [self.say(SILENT_SMS, number=silent.number)]
        return [self.say(SILENT_APP, how=self.translate(silent.gives) if silent.gives else self._name(silent))]

    def sure(self, kind: str) -> list[str]:
        """Messages for sure danger: the number first, then what helps, then what this service cannot do."""
        n = self.numbers
        police = self.say(CALL_POLICE, number=n.police)
        first: list[str]
        then: list[str]
        if kind == "medical":
            first = [self.say(CALL_AMBULANCE, number=n.ambulance), *self._silent()]
            then = [self.say(BODY)]
        elif kind == "self_harm":
            # Without a crisis line the ambulance comes first, then somebody who listens.
            first = [*self._line(CALL_CRISIS, n.crisis), self.say(HURT_NOW, number=n.ambulance)]
            then = [self.say(GLAD), self.say(NOT_ALONE), *([] if n.crisis else self._line(LISTENS, n.trafficking))]
        elif kind == "child":
            # Words a child understands, whether the child writes or somebody for it; not the block for adults.
            first = [self.say(CHILD_NOW, number=n.police), *self._silent(), *self._line(CHILD_LINE, n.children)]
            then = [self.say(CHILD_RIGHT), self.say(CHILD_ADULT)]
        elif kind == "other_person":
            first = [self.say(OTHER_CALL, number=n.police), *self._silent()]
            then = [self.say(OTHER_SAFE), *self._line(OTHER_LINE, n.trafficking)]
        else:
            first = [police, *self._silent()]
            then = [self.say(WHERE_FIRST), self.say(LOCKED_IN if kind == "confinement" else WHISPER), *self._line(LATER_HELP, n.trafficking)]
        return ["\n".join(first), "\n".join([*then, self.say(AUTOMATIC)])]

    def hint(self, kind: str) -> str:
        """One line above the normal answer when danger is not sure."""
        n = self.numbers
        if kind == "self_harm" and n.crisis and n.crisis.number:
            return self.say(HINT_CRISIS, number=n.police, name=self._name(n.crisis), crisis=n.crisis.number)
        if kind == "child" and n.children and n.children.number:
            return self.say(HINT_CHILD, number=n.police, name=self._name(n.children), line=n.children.number)
        return self.say(HINT, number=n.police)

    def unavailable(self) -> str:
        lines = [self.say(SORRY), self.say(SORRY_CALL, number=self.numbers.police), *self._line(SORRY_LINE, self.numbers.trafficking)]
        return "\n".join(lines)


def contacts_document(by_country: dict[str, list[Contact]], languages: list[str]) -> dict[str, object]:
    """The content of `contacts.json`: finished messages by language, country ("" = not known) and kind."""
    by_country = {"": [], **by_country}
    emergency: dict[str, dict[str, dict[str, dict[str, object]]]] = {}
    unavailable: dict[str, dict[str, str]] = {}
    for language in languages:
        words = {code: Words(numbers_of(contacts), language) for code, contacts in by_country.items()}
        emergency[language] = {code: {kind: {"sure": one.sure(kind), "hint": one.hint(kind)} for kind in KINDS} for code, one in words.items()}
        unavailable[language] = {code: one.unavailable() for code, one in words.items()}
    numbers = sorted({c.number for contacts in by_country.values() for c in contacts if c.number} | {EUROPE})
    return {
        "version": 1,
        "languages": languages,
        "countries": sorted(filter(None, by_country)),
        "numbers": numbers,
        "emergency": emergency,
        "unavailable": unavailable,
    }
