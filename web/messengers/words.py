"""What only a messenger says, and the words it obeys: stop, delete, more."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from enum import StrEnum

from web.i18n import Words, own_name


class Channel(StrEnum):
    """What carries the messages."""

    TELEGRAM = "telegram"
    WHATSAPP = "whatsapp"
    SMS = "sms"


#: Twilio takes each of these as "never write to me again" and blocks our answers, so what we keep goes too.
BLOCKING_WORDS = ("stop", "stopall", "unsubscribe", "cancel", "end", "quit")


def warning(channel: Channel, page: str | None, _: Words) -> str:
    """Who sees the messages, where they stay, what is safer, and how to have them deleted here."""
    if channel is Channel.TELEGRAM:
        seen = _("Telegram can see these messages. They also stay on this phone.")
    elif channel is Channel.WHATSAPP:
        seen = _("WhatsApp and Twilio carry these messages and can see them. They also stay on this phone.")
    else:
        seen = _("Phone companies and Twilio carry these messages and can see them. They also stay on this phone.")
    lines = [seen, _("If it is safe for you, delete this chat on your phone afterwards.")]
    if page is not None:
        lines.append(_("This page is safer: {address}", address=page))
    # The stop word of SMS belongs to the phone companies: after it we cannot answer.
    word = _("DELETE") if channel is Channel.SMS else _("STOP")
    lines.append(_("Write {word} to delete what I keep.", word=word))
    return "\n".join(lines)


def other_languages(languages: Iterable[str], _: Words) -> str:
    """The languages by their own names, for whoever cannot read this one."""
    names = ", ".join(own_name(language) for language in languages)
    return _("I speak other languages too. Write the name of yours: {names}", names=names)


def language_named(text: str, languages: Iterable[str]) -> str | None:
    """The language whose own name is the whole text."""
    return next((language for language in languages if _is_one_of(text, [own_name(language)])), None)


def only_text(_: Words) -> str:
    """The answer to a picture, a voice message, a place on a map."""
    return _("I can only read text. I did not open what you sent, and I do not keep it. Write it in words.")


def deleted(_: Words) -> str:
    """What is gone."""
    return _("I have deleted what you wrote to me.")


def not_deleted(_: Words) -> str:
    """What is not."""
    return _(
        "The messages on this phone and with the companies that carry them are not deleted. "
        "Delete the chat on your phone too, if that is safe for you."
    )


def asks_to_delete(text: str, channel: Channel, _: Words) -> bool:
    """Whether a text is a word that deletes: in English, in the language of the conversation, or one that blocks us."""
    words = ["stop", "delete", _("STOP"), _("DELETE")]
    return _is_one_of(text, [*words, *BLOCKING_WORDS] if channel is Channel.SMS else words)


def asks_for_more(text: str, _: Words) -> bool:
    """Whether a text asks for the rest of an answer that was cut."""
    return _is_one_of(text, ["more", _("MORE")])


def _is_one_of(text: str, words: Iterable[str]) -> bool:
    said = _folded(text)
    return bool(said) and said in {_folded(word) for word in words}


def _folded(text: str) -> str:
    """Letters alone, small and without accents, for many keyboards have none."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c if c.isalpha() else " " * (not unicodedata.combining(c)) for c in decomposed).split())
