"""The tiles of the first page: what people most often need, one touch each, with a picture."""

from __future__ import annotations

from dataclasses import dataclass

from calculator.translation import _


@dataclass(frozen=True)
class Topic:
    """`id` is what the form sends, `intent` what the dialogue is told (with its entities), `title` the words of the tile."""

    id: str
    intent: str
    icon: str
    title: str


#: What is needed first, six of it above the fold; then what fewer people come for.
NEEDS = (
    Topic("shelter", "ask_shelter", "home", _("A safe place to sleep")),
    Topic("medical", "ask_medical", "medical", _("A doctor")),
    Topic("person", "talk_to_human", "phone", _("To talk to a person")),
    Topic("legal", "ask_legal_help", "legal", _("A lawyer for free")),
    Topic("money", "ask_compensation", "money", _("Money I am owed")),
    Topic("permit", "ask_residence", "permit", _("To stay in the country")),
)
MORE = (
    Topic("signs", "am_i_victim", "question", _("Was this against the law?")),
    Topic("other", 'choose{"fact": "who", "value": "other"}', "person", _("I ask for somebody else")),
    Topic("child", 'choose{"fact": "who", "value": "child"}', "child", _("I ask for my child")),
)
TOPICS = NEEDS + MORE


def topic_of(name: str) -> Topic | None:
    """The topic of a form value, None when there is none of that name."""
    return next((topic for topic in TOPICS if topic.id == name), None)
