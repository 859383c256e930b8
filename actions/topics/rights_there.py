"""What protects in a country without a pack, as the chat tells it: what is sure first, then what nobody confirmed, marked as that."""

from __future__ import annotations

from actions.turn import Message, Turn
from calculator.packs.basic_rights import basic_rights
from calculator.rights_words import Told, told
from calculator.translation import _, isolated

RIGHTS_IN = _("In {country} it is like this:")
NOT_CONFIRMED_IN = _("This is not confirmed for {country}. Ask somebody who helps there if it is so:")
HOW_MUCH_THERE = _("I cannot work out how much, or until when. There may be little time. Ask a lawyer or an advice centre soon.")
DETAILS = _("Tell me more")
TEXT_OF = _("We saw the text of {year}. It may have changed.")
TEXT_UNDATED = _("The text we saw has no date. It may have changed.")
SOURCE = _("Source: {title}")
NOT_CONFIRMED = _("This is not confirmed.")
UNDATED = "undated"


def rights_there(turn: Turn) -> list[Told]:
    """What is known of a country without a pack; nothing for any other."""
    found = basic_rights().get(turn.country or "") if turn.pack is None else None
    # Whose age is not known may be a child, or ask for one.
    return told(found, turn.translate, turn.language, child=turn.interview.adult is not True) if found is not None else []


def say_rights(turn: Turn, place: str) -> bool:
    """Tell every right of the country: what protects, then the ways to money. False when nothing is known of it."""
    rights = rights_there(turn)
    money = [right for right in rights if right.topic == "compensation"]
    turn.say_lines(lines_of(turn, [right for right in rights if right not in money], place))
    turn.say_lines(lines_of(turn, money, place))
    if money:
        turn.say(HOW_MUCH_THERE)
    return bool(rights)


def lines_of(turn: Turn, rights: list[Told], place: str) -> list[str]:
    """Rights as lines, what nobody confirmed below a line that says so; none for none."""
    sure = [right.text for right in rights if right.sure]
    unsure = [right.text for right in rights if not right.sure]
    return [
        *([turn.words(RIGHTS_IN, country=place), *sure] if sure else []),
        *([turn.words(NOT_CONFIRMED_IN, country=place), *unsure] if unsure else []),
    ]


def say_sources(turn: Turn) -> bool:
    """Each right with where it was seen, a message each, for who helps with it. False when nothing is known."""
    rights = rights_there(turn)
    for right in rights:
        lines = [right.text, turn.words(SOURCE, title=isolated(right.seen.source, turn.language))]
        if not right.sure:
            lines.insert(1, turn.translate(NOT_CONFIRMED))
        elif right.seen.as_of and right.seen.as_of != UNDATED:
            lines.append(turn.words(TEXT_OF, year=right.seen.as_of[:4]))
        else:
            lines.append(turn.translate(TEXT_UNDATED))
        turn.messages.append(Message("\n".join(lines)))
    return bool(rights)
