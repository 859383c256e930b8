"""One calculation asked for over HTTP: what goes to a worker process, what it does there, what comes back.

The body of a request is read here and not in the gateway, and an answer leaves as text: neither a large case nor a large estimate ever
stands in the way of somebody's message.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from calculator.api import estimate_json, questions_json
from calculator.case.read import read_json
from calculator.errors import CaseError
from calculator.examples import failing
from calculator.packs.current import current_rules
from calculator.packs.released import Pointer
from calculator.translation import translator
from store.settings import current_day
from web.dossier.ordered import Ordered, file_of
from web.i18n import match_language
from web.staff.answering import Asked, told

#: Bytes of an answer; the estimate of two hundred jobs, with every figure unfolded, has a quarter of it.
LARGEST_ANSWER = 32_000_000


class Outcome(IntEnum):
    """How a calculation ended."""

    READY = 0
    ANSWERED = 1
    CASE_ERROR = 2
    BAD_BODY = 3
    TOO_LARGE = 4
    BROKEN = 5
    #: The release that was asked for cannot be read by this version.
    NO_RELEASE = 6


@dataclass(frozen=True, slots=True)
class Work:
    """A request: what is wanted, its body as it came, the languages there are and the one that is spoken unless the body names another."""

    what: Literal["estimates", "questions", "staff", "dossier", "rules"]
    body: bytes
    language: str
    languages: tuple[str, ...]
    #: By the rules of an earlier release instead of those in force.
    release: Pointer | None = None
    #: How many times as long as a case it may take: trying the rules of a State works out dozens of cases.
    times_as_long: int = 1


@dataclass(frozen=True, slots=True)
class Reply:
    """How it ended, with the answer or the error as JSON where there is one."""

    outcome: Outcome
    body: bytes = b""


class CaseRequest(BaseModel):
    """A case file (version 1). Without `jurisdictions` those of the case.

    `on` is the day to judge it on: without it the case's `evaluated_on`, and without that today (UTC).
    """

    case: dict[str, Any]
    jurisdictions: list[str] | None = None
    on: date | None = None
    language: str | None = Field(None, max_length=35)

    def day(self) -> date | None:
        """The day for the calculator, which has no clock; None leaves it to the case."""
        return self.on or (None if self.case.get("evaluated_on") else current_day())


class Looked(BaseModel):
    """Of which packs the examples are worked out, by the rules of the release that is asked for."""

    packs: list[str]


def perform(work: Work) -> Reply:
    """Work it out. Errors that are not the case's own are raised."""
    language = work.language
    try:
        raw = read_json(work.body)
    except CaseError as error:
        # There is no case yet whose fact could be named.
        error.place = {}
        return Reply(Outcome.CASE_ERROR, _json(error.as_json(translator(language, "law"))))
    try:
        if work.what == "dossier":
            # Bytes of a file, not JSON.
            return Reply(Outcome.ANSWERED, file_of(Ordered.model_validate(raw)))
        if work.what == "rules":
            return _answered([str(fault) for fault in failing(current_rules(), Looked.model_validate(raw).packs)])
        if work.what == "staff":
            return _answered(told(Asked.model_validate(raw), language))
        body = CaseRequest.model_validate(raw)
        language = match_language(body.language, work.languages) or language
        work_out = estimate_json if work.what == "estimates" else questions_json
        return _answered(work_out(body.case, body.jurisdictions, body.day(), language))
    except ValidationError:
        return Reply(Outcome.BAD_BODY)
    except CaseError as error:
        return Reply(Outcome.CASE_ERROR, _json(error.as_json(translator(language, "law"))))


def _answered(document: Any) -> Reply:
    answer = _json(document)
    return Reply(Outcome.ANSWERED, answer) if len(answer) <= LARGEST_ANSWER else Reply(Outcome.TOO_LARGE)


def _json(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
