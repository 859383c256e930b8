"""A case from the chat: the client shows a code of a few words, sees who asks, says yes on her page, and the case begins here."""

from __future__ import annotations

import asyncio
import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from sqlalchemy.exc import SQLAlchemyError

from calculator.errors import CaseError
from calculator.translation import _
from store.organisations.access import Member, NoKeyError
from store.organisations.roles import Action
from store.organisations.tombstones import TombstonesError
from web.errors import STATUS, Fault, RequestFault, describe
from web.hand_over_steps import LASTS, Step
from web.memory import MemoryDownError
from web.rendering import redirect
from web.resume_words import codes_in
from web.security import require_same_origin
from web.services import services_of
from web.staff.cases import NO_NAME
from web.staff.doing import done, staff_page
from web.staff.keeping import KEPT_MONTHS, kept_until
from web.staff.session import allowed
from web.state import HandOver
from workbench.form import NAME, NOTES
from workbench.record import Consent, Record
from workbench.said import answers
from workbench.sheet import Sheet, names_of, sheet_of, without

router = APIRouter(prefix="/staff/cases/from-chat", include_in_schema=False, dependencies=[Depends(require_same_origin)])
Text = Annotated[str, Form(max_length=300)]

NOT_YET = _("The client has not said yes yet. The page of the client asks. Look at it together, then go on.")
NO_MORE = _("The client said no, or the time is over. If it is still wanted, the client can make a new code.")
NOT_READ = _("What came from the chat cannot be read. Ask the client to save a file there, and begin from it.")
UNSURE = _("From the chat: this was read in the client's own words and is not confirmed. Ask, then write it into the form.")


@router.get("")
async def ask_for_code(request: Request, member: Annotated[Member, Depends(allowed(Action.CREATE_CASE))]) -> Response:
    """Where the words of the code are typed. A phone that read them from the client's page brings them along behind the address."""
    return _page(request)


@router.post("")
async def ask(
    request: Request,
    member: Annotated[Member, Depends(allowed(Action.CREATE_CASE))],
    code: Text = "",
    name: Text = "",
    months: Annotated[int, Form()] = 12,
) -> Response:
    """Ask with a code: the client's page now shows the name of the organisation."""
    if not name.strip():
        return _page(request, 422, notice=NO_NAME, typed=code, months=months)
    if not member.keys:
        # She could not keep what comes.
        return redirect("/staff")
    services = services_of(request)
    language = services.language_of(request)
    order = [language, *(one for one in services.languages if one != language)]
    candidates = list(codes_in(code, [services.words(one) for one in order]))
    if not services.hand_overs.guesses.may_guess(member.id, candidates):
        return _faulty(request, Fault.TOO_MANY, code, name, months)
    organisation = await done(services.staff.organisation, member)
    try:
        found = await services.hand_overs.ask(candidates, organisation.name)
    except MemoryDownError:
        raise RequestFault(Fault.BROKEN) from None
    if found is None:
        return _faulty(request, Fault.WRONG_WORDS, "", name, months)
    conversation, mark = found
    ticket = {"member": member.id, "conversation": conversation, "mark": mark, "name": name.strip(), "months": months, "at": time.time()}
    return _page(request, ticket=services.sealer.seal(ticket).decode("ascii"), name=name.strip())


@router.post("/take")
async def take(
    request: Request,
    member: Annotated[Member, Depends(allowed(Action.CREATE_CASE))],
    ticket: Annotated[str, Form(max_length=3000)] = "",
) -> Response:
    """Begin the case, once the client has said yes."""
    services = services_of(request)
    held = services.sealer.unseal(ticket.encode("ascii", "replace"))
    # Ours, hers, and not older than what it leads to.
    if held is None or held.get("member") != member.id or time.time() - held["at"] > LASTS.total_seconds():
        return _page(request, 422, notice=NO_MORE)
    conversation, mark = held["conversation"], held["mark"]
    try:
        step, taken = await services.hand_overs.take(conversation, mark)
    except MemoryDownError:
        raise RequestFault(Fault.BROKEN) from None
    if taken is None:
        waits = step in (Step.ASKED, Step.WAITING)
        return _page(request, 200 if waits else 422, ticket=ticket if waits else "", name=held["name"], notice=NOT_YET if waits else NO_MORE)
    try:
        record = await asyncio.to_thread(
            _record, taken, held["name"], services.language_of(request), services.words(services.language_of(request))
        )
        case = await asyncio.to_thread(services.cases.create, member, record.as_json(), kept_until(held["months"]))
    except (CaseError, NoKeyError, SQLAlchemyError, TombstonesError) as error:
        try:
            await services.hand_overs.give_back(conversation, taken)
        except MemoryDownError:
            raise RequestFault(Fault.BROKEN) from None
        if isinstance(error, CaseError):
            return _page(request, 422, notice=NOT_READ)
        raise RequestFault(Fault.BROKEN) from None
    return redirect(f"/staff/cases/{case.id}")


def _record(taken: HandOver, name: str, language: str, words: Any) -> Record:
    """The case as the client handed it over, with what she agreed to. Raises CaseError."""
    sheet = sheet_of(taken.case)
    unsure = names_of(taken.read, sheet)
    said = answers(sheet, language)
    # No fact of the case before she or a worker has said so: it would enter the sums.
    sure = without(sheet, unsure)
    texts = {**sure.texts, NAME: name}
    if unsure:
        texts[NOTES] = "\n".join([words(UNSURE), *(f"{question} {given}" for one, (question, given) in said.items() if one in unsure)])
    consents: tuple[Consent, ...] = ()
    if taken.agreed is not None and taken.agreed_on is not None:
        consents = (Consent(taken.agreed, taken.agreed_language, taken.agreed_on),)
    return Record(Sheet(texts, sure.entries), consents)


def _faulty(request: Request, fault: Fault, typed: str, name: str, months: int) -> Response:
    services = services_of(request)
    said = " ".join(describe(fault, services.words(services.language_of(request))))
    return _page(request, STATUS[fault], said=said, typed=typed, name=name, months=months)


def _page(
    request: Request,
    status: int = 200,
    ticket: str = "",
    name: str = "",
    typed: str = "",
    months: int = 12,
    notice: str | None = None,
    said: str | None = None,
) -> Response:
    return staff_page(
        request,
        "staff_from_chat.html",
        status,
        ticket=ticket,
        name=name,
        typed=typed,
        months=KEPT_MONTHS,
        chosen=months,
        notice=notice,
        said=said,
    )
