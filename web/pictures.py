"""Pictures beside choices, and answers given by pictures alone, for people who read little.

A picture answer is put into words, in the person's language, and then read like any other: she sees what she said.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Form

from calculator.wording import unit
from web.i18n import Words
from web.state import StoredButton
from web.topics import TOPICS

#: What a choice stands for -> its picture: answers that many questions share, then those of one question.
_ANSWERS = {
    "true": "yes",
    "false": "no",
    "unknown": "question",
    "declined": "quiet",
    "nothing": "nothing",
    "still": "ongoing",
    "right": "yes",
    "safe": "safe",
}
_FORMS = {
    "labour": "work",
    "sexual": "bed",
    "domestic_servitude": "broom",
    "begging": "begging",
    "criminal": "police",
    "organ_removal": "body",
    "forced_marriage": "rings",
    "other": "more",
}
_CHOICES: dict[str, dict[str, str]] = {
    "exploitation[].forms": _FORMS,
    "work[].sector": {
        "domestic": "broom",
        "agriculture": "plant",
        "construction": "work",
        "hospitality": "food",
        "cleaning": "broom",
        "sex": "bed",
        "care": "medical",
        "factory": "factory",
        "transport": "truck",
        "other": "more",
    },
    "exploitation[].violence": {"none": "no", "threats": "danger", "physical": "medical", "severe": "medical"},
    "danger": {"now": "danger", "safe": "safe"},
    "who": {"other": "person", "child": "child", "self": "person"},
    "safe": {"no": "danger"},
}
_INTENTS = {
    **{topic.intent: topic.icon for topic in TOPICS},
    "ask_privacy": "key",
    "ask_children": "child",
    "delete_data": "delete",
    "stop": "done",
    "ask_psychological": "person",
    "report_police": "police",
    "ask_evidence": "papers",
    "ask_deadlines": "day",
    "ask_return_home": "home",
    "ask_family_safety": "person",
    "ask_why": "question",
}
_PAYLOAD = re.compile(r"/(\w+)\s*(\{.*\})?", re.DOTALL)


def picture_of(button: StoredButton) -> str | None:
    """The picture beside a choice; None when there is none that says it."""
    match = _PAYLOAD.fullmatch(button.payload)
    if match is None:
        return None
    entities = _entities(match[2])
    if match[1] != "choose":
        return _INTENTS.get(match[1]) if not entities else None
    fact = re.sub(r"\[\d+\]", "[]", str(entities.get("fact") or ""))
    value = str(entities.get("value") or "")
    return _CHOICES.get(fact, {}).get(value) or _ANSWERS.get(value)


def _entities(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


@dataclass(frozen=True)
class Picture:
    """One picture to choose: what the form sends, the words beside it, and the part of the circle or the week that is filled."""

    value: str
    words: str
    path: str = ""
    filled: int = 0


#: Hours a day to choose from, on a clock of 24 hours.
HOURS = (6, 8, 10, 12, 14, 16, 18, 20)
DAYS = (1, 2, 3, 4, 5, 6, 7)
#: Facts that are answered by pictures -> what is chosen.
PANELS = {
    "work[].hours_per_week": ("hours", "days"),
    "work[].hours_per_day": ("hours",),
    "work[].days_per_week": ("days",),
    "work[].paid": ("money",),
    "work[].agreed": ("money",),
}
PER_PICTURES = {"hour": "clock", "day": "sun", "week": "week", "month": "day", "total": "money"}


@dataclass(frozen=True)
class Panel:
    """What the page draws below a question; empty parts are not asked."""

    hours: list[Picture]
    days: list[Picture]
    per: list[tuple[str, str, str]]


def panel_of(fact: str | None, language: str, words: Words) -> Panel | None:
    """The pictures for the open question; None where it has none."""
    parts = PANELS.get(re.sub(r"\[\d+\]", "[]", fact or ""))
    if parts is None:
        return None
    _ = words
    titles = {"hour": _("An hour"), "day": _("A day"), "week": _("A week"), "month": _("A month"), "total": _("All the time together")}
    return Panel(
        hours=[Picture(str(n), unit(n, "hour", language), _slice(n / 24)) for n in HOURS] if "hours" in parts else [],
        days=[Picture(str(n), unit(n, "day", language), filled=n) for n in DAYS] if "days" in parts else [],
        per=[(per, icon, titles[per]) for per, icon in PER_PICTURES.items()] if "money" in parts else [],
    )


@dataclass(frozen=True)
class Pictures:
    """What was chosen in the pictures below a question."""

    hours: int | None = None
    days: int | None = None
    amount: str = ""
    per: str | None = None

    @classmethod
    def of(
        cls,
        hours: Annotated[int | None, Form(ge=1, le=24)] = None,
        days: Annotated[int | None, Form(ge=1, le=7)] = None,
        amount: Annotated[str, Form(max_length=30)] = "",
        per: Annotated[str | None, Form(max_length=10)] = None,
    ) -> Pictures | None:
        """From the fields of the form; None when no picture was chosen."""
        chosen = cls(hours, days, " ".join(amount.split()), per)
        return chosen if hours or days or chosen.amount else None

    def in_words(self, words: Words) -> str:
        """As a sentence in the person's language."""
        _, said = words, []
        if self.hours is not None:
            said.append(_("{hours} a day", hours=unit(self.hours, "hour", words.language)))
        if self.days is not None:
            said.append(_("{days} a week", days=unit(self.days, "day", words.language)))
        if self.amount:
            per = {
                "hour": _("{amount} an hour", amount=self.amount),
                "day": _("{amount} a day", amount=self.amount),
                "week": _("{amount} a week", amount=self.amount),
                "month": _("{amount} a month", amount=self.amount),
                "total": _("{amount} in all", amount=self.amount),
            }
            said.append(per.get(self.per or "", self.amount))
        return ", ".join(said)


def _slice(part: float) -> str:
    """The part of a circle of radius 9 round (12, 12) that begins at the top, as a path."""
    angle = 2 * math.pi * part
    x, y = 12 + 9 * math.sin(angle), 12 - 9 * math.cos(angle)
    return f"M12 12V3A9 9 0 {int(part > 0.5)} 1 {x:.2f} {y:.2f}Z"
