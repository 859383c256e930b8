"""Errors a client can act on: what is wrong, and what to do."""

from __future__ import annotations

from enum import StrEnum

from calculator.translation import _
from web.cleaning import MAX_TEXT
from web.i18n import Words
from web.state import Message


class Fault(StrEnum):
    """Everything that can be wrong with a request to the conversation API or the page."""

    UNKNOWN_CONVERSATION = "unknown_conversation"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    BAD_BODY = "bad_body"
    BAD_COUNTRY = "bad_country"
    TOO_LARGE = "too_large"
    NOT_FOUND = "not_found"
    NO_CASE = "no_case"
    WRONG_METHOD = "wrong_method"
    OTHER_SITE = "other_site"
    WRONG_WORDS = "wrong_words"
    BROKEN = "broken"
    TOO_MANY_CASES = "too_many_cases"
    BUSY = "busy"
    TOO_SLOW = "too_slow"
    TOO_MUCH_WORK = "too_much_work"


STATUS = {
    Fault.UNKNOWN_CONVERSATION: 404,
    Fault.TOO_LONG: 422,
    Fault.TOO_MANY: 429,
    Fault.BAD_BODY: 422,
    Fault.BAD_COUNTRY: 422,
    Fault.TOO_LARGE: 413,
    Fault.NOT_FOUND: 404,
    Fault.NO_CASE: 404,
    Fault.WRONG_METHOD: 405,
    Fault.OTHER_SITE: 403,
    Fault.WRONG_WORDS: 404,
    Fault.BROKEN: 503,
    Fault.TOO_MANY_CASES: 429,
    Fault.BUSY: 503,
    Fault.TOO_SLOW: 503,
    Fault.TOO_MUCH_WORK: 422,
}
#: Seconds after which the same request may succeed.
RETRY_AFTER = {Fault.TOO_MANY: 60, Fault.TOO_MANY_CASES: 60, Fault.BUSY: 10, Fault.TOO_SLOW: 60}


class RequestFault(Exception):  # noqa: N818 - the page and the API show a fault; it is not a programming error
    """A request that cannot be answered; `language` and `country` when the conversation's are known."""

    def __init__(self, fault: Fault, language: str | None = None, country: str | None = None) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.language = language
        self.country = country
        #: Whether it stands in the metrics already.
        self.counted = False


#: What is wrong, and what to do.
SAID = {
    Fault.UNKNOWN_CONVERSATION: (_("This conversation is no longer here."), _("Start a new one.")),
    Fault.TOO_LONG: (_("This message is too long."), _("Send it in parts of up to {limit} letters.")),
    Fault.TOO_MANY: (_("That is a lot of messages in a short time."), _("Wait one minute, then write again.")),
    Fault.BAD_BODY: (_("This request cannot be read."), _("Look at /api/v1/openapi.json.")),
    Fault.BAD_COUNTRY: (_("This is not a country code."), _("Send two letters, like DE, or leave it out.")),
    Fault.TOO_LARGE: (_("This is too much data."), _("Send less at once.")),
    Fault.NOT_FOUND: (_("There is nothing at this address."), _("Go back to the first page.")),
    Fault.NO_CASE: (_("This case is not here any more."), _("Its time may be over, or a colleague has deleted it.")),
    Fault.WRONG_METHOD: (_("This address cannot be used in this way."), _("Look at /api/v1/openapi.json.")),
    Fault.OTHER_SITE: (_("This came from another website, so nothing was done."), _("Use the buttons on this page.")),
    Fault.WRONG_WORDS: (_("These words open nothing. They may be too old, or used already."), _("Look at each word again, or start anew.")),
    Fault.BROKEN: (_("Something does not work on our side."), _("Try again in a minute.")),
    Fault.TOO_MANY_CASES: (_("That is a lot of cases in a short time."), _("Wait one minute, then send the next.")),
    Fault.BUSY: (_("Many cases are being worked out now."), _("Try again in a minute.")),
    Fault.TOO_SLOW: (_("This case takes too long to work out."), _("Try again in a minute, or send fewer jobs and payments at once.")),
    Fault.TOO_MUCH_WORK: (_("This case is too large to work out."), _("Send fewer jobs and payments at once.")),
}


def describe(fault: Fault, words: Words) -> tuple[str, str]:
    """(message, fix) for a fault, in the language of `words`."""
    message, fix = SAID[fault]
    return words(message), words(fix, limit=MAX_TEXT)


def error_body(fault: Fault, words: Words) -> dict[str, dict[str, str]]:
    """JSON body of an error answer."""
    message, fix = describe(fault, words)
    return {"error": {"message": message, "fix": fix}}


def refusal(fault: Fault, words: Words, hint: str) -> Message:
    """What a person sees of a refusal: the number to call in danger first, then what is wrong and what to do."""
    return Message(text="\n".join([hint, *describe(fault, words)]), kind="unavailable")
