"""Errors a client can act on: what is wrong, and what to do."""

from __future__ import annotations

from enum import StrEnum

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


def describe(fault: Fault, _: Words) -> tuple[str, str]:
    """Return (message, fix) for a fault, in the language of `_`."""
    if fault is Fault.UNKNOWN_CONVERSATION:
        return _("This conversation is no longer here."), _("Start a new one.")
    if fault is Fault.TOO_LONG:
        return _("This message is too long."), _("Send it in parts of up to {limit} letters.", limit=10_000)
    if fault is Fault.TOO_MANY:
        return _("That is a lot of messages in a short time."), _("Wait one minute, then write again.")
    if fault is Fault.BAD_COUNTRY:
        return _("This is not a country code."), _("Send two letters, like DE, or leave it out.")
    if fault is Fault.TOO_LARGE:
        return _("This is too much data."), _("Send less at once.")
    if fault is Fault.OTHER_SITE:
        return _("This came from another website, so nothing was done."), _("Use the buttons on this page.")
    if fault is Fault.WRONG_WORDS:
        return (
            _("These words open nothing. They may be too old, or used already."),
            _("Look at each word again, or start anew."),
        )
    if fault is Fault.NOT_FOUND:
        return _("There is nothing at this address."), _("Go back to the first page.")
    if fault is Fault.WRONG_METHOD:
        return _("This address cannot be used in this way."), _("Look at /api/v1/openapi.json.")
    if fault is Fault.TOO_MANY_CASES:
        return _("That is a lot of cases in a short time."), _("Wait one minute, then send the next.")
    if fault is Fault.BUSY:
        return _("Many cases are being worked out now."), _("Try again in a minute.")
    if fault is Fault.TOO_SLOW:
        return _("This case takes too long to work out."), _("Try again in a minute, or send fewer jobs and payments at once.")
    if fault is Fault.TOO_MUCH_WORK:
        return _("This case is too large to work out."), _("Send fewer jobs and payments at once.")
    if fault is Fault.BROKEN:
        return _("Something does not work on our side."), _("Try again in a minute.")
    return _("This request cannot be read."), _("Look at /api/v1/openapi.json.")


def error_body(fault: Fault, words: Words) -> dict[str, dict[str, str]]:
    """JSON body of an error answer."""
    message, fix = describe(fault, words)
    return {"error": {"message": message, "fix": fix}}


def refusal(fault: Fault, words: Words, hint: str) -> Message:
    """What a person sees of a refusal: the number to call in danger first, then what is wrong and what to do."""
    return Message(text="\n".join([hint, *describe(fault, words)]), kind="unavailable")
