"""Handing a case over to another organisation: to whom, what for, until when, with the client's yes; and taking what others handed over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response

from calculator.dates import add_months
from calculator.translation import _, isolated
from calculator.wording import day
from store.organisations.access import Member
from store.organisations.cases import Case, NoCaseError
from store.organisations.handing import NoOrganisationError, OtherKeyError, Receiver
from store.organisations.roles import Action
from web.errors import Fault, RequestFault
from web.i18n import direction, match_language
from web.rendering import redirect
from web.security import require_same_origin
from web.services import services_of
from web.staff.case_page import changed_case
from web.staff.doing import case_done, done, first_country, staff_page
from web.staff.handed import copy_of, taken
from web.staff.keeping import midnight
from web.staff.session import allowed
from workbench.record import Consent, Given, Record

router = APIRouter(prefix="/staff/cases", include_in_schema=False, dependencies=[Depends(require_same_origin)])
Text = Annotated[str, Form(max_length=300)]
#: Months that the receiver may keep it, to choose from.
GIVEN_MONTHS = (1, 3, 6, 12, 24)

CONSENT = _(
    "I agree that {giver} gives what I told to {receiver}. They need it for this: {purpose}. They may keep it until {day}. "
    "I can say stop at any time. Then they are asked to delete it."
)
NO_ORGANISATION = _("No other organisation here has this name. Ask them how it is written.")
NEEDED = _("Say to whom and what for.")
NOT_AGREED = _("Read the words out to the client first, and mark that the client agrees.")
OTHER_KEY = _("The letters have changed. Compare them again.")


@router.get("/{case}/hand-over")
async def choose(request: Request, case: str, member: Annotated[Member, Depends(allowed(Action.HAND_OVER_CASE))]) -> Response:
    """To whom, what for, until when; and what waits to be taken."""
    opened = await case_done(services_of(request).cases.open, member, case)
    return await _page(request, member, opened)


@router.post("/{case}/hand-over")
async def hand_over(
    request: Request,
    case: str,
    member: Annotated[Member, Depends(allowed(Action.HAND_OVER_CASE))],
    organisation: Text = "",
    purpose: Text = "",
    months: Annotated[int, Form()] = 3,
    language: Text = "en",
    notes: Text = "",
    letters: Text = "",
    agrees: Text = "",
) -> Response:
    """First the letters to compare and the words to read out, then the copy is sealed."""
    services = services_of(request)
    opened = await case_done(services.cases.open, member, case)
    typed: dict[str, Any] = {
        "organisation": organisation.strip(),
        "purpose": purpose.strip(),
        "chosen": months if months in GIVEN_MONTHS else min(GIVEN_MONTHS),
        "spoken": match_language(language, services.languages) or "en",
        "notes": bool(notes),
    }
    if not typed["organisation"] or not typed["purpose"]:
        return await _page(request, member, opened, 422, notice=NEEDED, **typed)
    try:
        receiver = await done(services.handing.receiver, member, typed["organisation"])
    except NoOrganisationError:
        return await _page(request, member, opened, 422, notice=NO_ORGANISATION, **typed)
    today = datetime.now(UTC).date()
    until = _until(today, typed["chosen"], opened)
    own = await done(services.handing.own, member)
    words = _consent(request, own.name, receiver.name, typed["purpose"], until, typed["spoken"])
    if not letters or agrees != "yes":
        notice = NOT_AGREED if letters else None
        return await _page(request, member, opened, 422 if letters else 200, notice=notice, receiver=receiver, consent=words, **typed)
    if letters != receiver.letters:
        return await _page(request, member, opened, 422, notice=OTHER_KEY, receiver=receiver, consent=words, **typed)
    consent = Consent(words, typed["spoken"], today)
    given = Given(receiver.name, typed["purpose"], today, until)

    def change(content: dict[str, Any]) -> dict[str, Any]:
        record = Record.from_json(content)
        return replace(record, given=(*record.given, given)).as_json()

    content = copy_of(Record.from_json(opened.content), own.name, typed["purpose"], today, until, consent, typed["notes"])
    try:
        handed = await case_done(services.handing.hand, member, case, receiver, content, midnight(until))
    except (NoOrganisationError, OtherKeyError):
        return await _page(request, member, opened, 422, notice=OTHER_KEY, **typed)
    try:
        await changed_case(request, member, case, change)
    except RequestFault:
        # Who has it must stand in the case: else nobody could ask for it to be deleted there.
        await case_done(services.handing.withdraw, member, handed)
        raise
    return redirect(f"/staff/cases/{case}/hand-over")


@router.post("/{case}/hand-over/{handed}/withdraw")
async def withdraw(request: Request, case: str, handed: str, member: Annotated[Member, Depends(allowed(Action.WITHDRAW_CASE))]) -> Response:
    """Take back what nobody has taken yet."""
    await case_done(services_of(request).handing.withdraw, member, handed)
    return redirect(f"/staff/cases/{case}/hand-over")


@router.post("/handed/{handed}/take")
async def take(request: Request, handed: str, member: Annotated[Member, Depends(allowed(Action.TAKE_CASE))], name: Text = "") -> Response:
    """Begin a case with what another organisation handed over."""

    def become(content: dict[str, Any]) -> tuple[dict[str, Any], datetime]:
        record, until = taken(content, name.strip())
        return record.as_json(), midnight(until)

    case = await case_done(services_of(request).handing.take, member, handed, become)
    return redirect(f"/staff/cases/{case.id}")


@router.post("/handed/{handed}/refuse")
async def refuse(request: Request, handed: str, member: Annotated[Member, Depends(allowed(Action.REFUSE_CASE))]) -> Response:
    """Delete what another organisation handed over."""
    await case_done(services_of(request).handing.refuse, member, handed)
    return redirect("/staff/cases")


def _until(today: date, months: int, case: Case) -> date:
    """Not longer than was agreed where it came from somebody else itself."""
    until = add_months(today, months)
    came = Record.from_json(case.content).came
    return min(until, came.until) if came else until


def _consent(request: Request, giver: str, receiver: str, purpose: str, until: date, spoken: str) -> str:
    told = {"giver": giver, "receiver": receiver, "purpose": purpose, "day": day(until.isoformat(), spoken)}
    return services_of(request).words(spoken)(CONSENT, **{name: isolated(text, spoken) for name, text in told.items()})


async def _page(request: Request, member: Member, case: Case, status: int = 200, notice: str | None = None, **shown: Any) -> Response:
    services = services_of(request)
    language = services.language_of(request)
    record = Record.from_json(case.content)
    try:
        waiting = await done(services.handing.given, member, case.id)
    except NoCaseError:
        raise RequestFault(Fault.NOT_FOUND) from None
    spoken = shown.get("spoken") or (record.consent.language if record.consent else language)
    receiver: Receiver | None = shown.pop("receiver", None)
    defaults: dict[str, Any] = {"organisation": "", "purpose": "", "chosen": 3, "notes": False, "consent": ""}
    return staff_page(
        request,
        "staff_hand_over.html",
        status,
        notice=notice,
        case=case,
        record=record,
        waiting=[(one.id, one.receiver, day(one.until.date().isoformat(), language)) for one in waiting],
        receiver=receiver,
        months=GIVEN_MONTHS,
        of_country=first_country(record.sheet),
        **{**defaults, **shown, "spoken": spoken, "spoken_direction": direction(spoken)},
    )
