"""Signing in, taking up an invitation, colleagues, sessions, and the keys of an organisation: pages made of forms."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from math import ceil
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response

from calculator.translation import _
from store.organisations.access import Member, NoKeyError
from store.organisations.roles import Action, Role
from store.organisations.sessions import SignInError
from store.organisations.staff import (
    SHORTEST_PASSPHRASE,
    InvitationError,
    PassphraseError,
    StaffError,
)
from store.organisations.vault import RecoveryKeyError, SealError
from web.errors import Fault, RequestFault
from web.i18n import match_language
from web.rendering import redirect
from web.security import address_of, require_same_origin
from web.services import services_of
from web.squares import square
from web.staff.doing import Done, done, staff_page, told_day, told_moment
from web.staff.session import BROWSER, COOKIE, allowed, member_of, set_browser, set_language, set_session

router = APIRouter(prefix="/staff", include_in_schema=False)
HERE = "/staff"
Text = Annotated[str, Form(max_length=300)]
#: An address of ours to go back to.
_OUR_PLACE = re.compile(r"/staff(/[\w-]+)*")
#: Each passphrase takes 64 MB while it is looked at: so many at a time, whoever asks.
SLOW = asyncio.Semaphore(2)

NOT_RIGHT = _("The name, the passphrase or the code is not right.")
OVER = _("This code opens nothing. It may be too old, or used already.")
NOT_THE_SAME = _("The two passphrases are not the same.")
TOO_SIMPLE = _("This passphrase is too short or too simple.")
NOT_ON_PAPER = _("This is not the key on paper of your organisation. Look at each letter again.")
NOBODY_LEFT = _("The last one who looks after colleagues cannot leave. Let somebody else do that first.")
NAME_TAKEN = _("This name cannot be used. Somebody may have it already.")
NEEDS_KEY = _("You cannot do this before you have the key yourself.")
WORDS_OF_ROLES = {
    Role.SUPPORT_WORKER: _("works with cases"),
    Role.ADMINISTRATOR: _("looks after colleagues"),
    Role.RULE_EDITOR: _("changes rules"),
    Role.RULE_REVIEWER: _("checks rules"),
}


@router.get("")
async def home(request: Request) -> Response:
    """Where one signs in; for who is signed in, what there is to do."""
    member = await member_of(request)
    if member is None:
        return await sign_in_page(request)
    token = await done(services_of(request).sessions.renew, request.cookies[COOKIE])
    response = await home_page(request, member)
    if token is not None:
        set_session(request, response, token)
    return response


@router.post("/sign-in", dependencies=[Depends(require_same_origin)])
async def sign_in(request: Request, name: Text, passphrase: Text, code: Text) -> Response:
    """Begin a session."""
    sessions = services_of(request).sessions
    try:
        async with SLOW:
            signed = await done(sessions.sign_in, name, passphrase, code, address_of(request), request.cookies.get(BROWSER))
    except SignInError as error:
        return await sign_in_page(request, 401, wait=ceil(error.wait.total_seconds()), name=name)
    response = redirect(HERE)
    set_session(request, response, signed.token)
    set_browser(request, response, signed.browser)
    return response


@router.post("/sign-out", dependencies=[Depends(require_same_origin)])
async def sign_out(request: Request) -> Response:
    """End the session."""
    if token := request.cookies.get(COOKIE):
        await done(services_of(request).sessions.sign_out, token)
    response = redirect(HERE)
    response.delete_cookie(COOKIE)
    return response


@router.post("/language", dependencies=[Depends(require_same_origin)])
async def choose_language(request: Request, language: Text, place: Text = HERE) -> Response:
    """The language of the pages of staff in this browser; then the page where it was chosen."""
    response = redirect(place if _OUR_PLACE.fullmatch(place) else HERE)
    set_language(request, response, match_language(language, services_of(request).languages) or "en")
    return response


@router.get("/join")
async def ask_for_code(request: Request) -> Response:
    """Where the code of an invitation is typed. It stands in no address: addresses are kept by browsers and servers."""
    return _join_page(request)


@router.post("/join", dependencies=[Depends(require_same_origin)])
async def join(request: Request, code: Text, passphrase: Text = "", again: Text = "") -> Response:
    """Take up an invitation; what is shown then is shown once."""
    staff = services_of(request).staff
    try:
        name = await done(staff.invited, code)
        if not passphrase:
            return _join_page(request, code=code, name=name)
        if passphrase != again:
            return _join_page(request, 422, code=code, name=name, notice=NOT_THE_SAME)
        async with SLOW:
            joined = await done(staff.join, code, passphrase)
    except InvitationError:
        return _join_page(request, 404, notice=OVER)
    except PassphraseError:
        return _join_page(request, 422, code=code, name=name, notice=TOO_SIMPLE)
    return staff_page(request, "staff_joined.html", joined=joined, picture=square(joined.address_for_apps))


@router.post("/invite", dependencies=[Depends(require_same_origin)])
async def invite(
    request: Request,
    member: Annotated[Member, Depends(allowed(Action.INVITE))],
    name: Text,
    roles: Annotated[list[Role] | None, Form()] = None,
) -> Response:
    """Invite a colleague; the code is shown once."""
    try:
        code = await done(services_of(request).staff.invite, member, name, roles or [])
    except StaffError:
        return await home_page(request, member, 422, notice=NAME_TAKEN)
    return await home_page(request, member, code=code, code_for=name.strip())


@router.post("/reset/{staff}", dependencies=[Depends(require_same_origin)])
async def reset(request: Request, staff: str, member: Annotated[Member, Depends(allowed(Action.RESET))]) -> Response:
    """A new first way in for a colleague."""
    name = await _name_of(request, member, staff)
    code = await _changed(request, services_of(request).staff.reset, member, staff)
    return await home_page(request, member, code=code, code_for=name)


@router.post("/remove/{staff}", dependencies=[Depends(require_same_origin)])
async def remove(request: Request, staff: str, member: Annotated[Member, Depends(allowed(Action.REMOVE))], sure: Text = "") -> Response:
    """A colleague leaves, after a question."""
    name = await _name_of(request, member, staff)
    if sure != "yes":
        return await home_page(request, member, leaving=(staff, name))
    try:
        await done(services_of(request).staff.remove, member, staff)
    except StaffError:
        return await home_page(request, member, 422, notice=NOBODY_LEFT)
    return redirect(HERE)


@router.post("/let-in/{staff}", dependencies=[Depends(require_same_origin)])
async def let_in(request: Request, staff: str, member: Annotated[Member, Depends(allowed(Action.LET_IN))]) -> Response:
    """Give a colleague the keys."""
    try:
        await _changed(request, services_of(request).staff.let_in, member, staff)
    except NoKeyError:
        return await home_page(request, member, 422, notice=NEEDS_KEY)
    return redirect(HERE)


@router.post("/recover", dependencies=[Depends(require_same_origin)])
async def recover(request: Request, member: Annotated[Member, Depends(allowed(Action.RECOVER))], paper: Text) -> Response:
    """Come in with the key on paper."""
    try:
        await done(services_of(request).staff.recover, member, paper)
    except (RecoveryKeyError, SealError):
        return await home_page(request, member, 422, notice=NOT_ON_PAPER)
    return redirect(HERE)


@router.post("/rotate", dependencies=[Depends(require_same_origin)])
async def rotate(request: Request, member: Annotated[Member, Depends(allowed(Action.ROTATE_KEYS))]) -> Response:
    """Change the key of the organisation."""
    try:
        await done(services_of(request).staff.rotate, member)
    except NoKeyError:
        return await home_page(request, member, 422, notice=NEEDS_KEY)
    return redirect(HERE)


@router.post("/end/{session}", dependencies=[Depends(require_same_origin)])
async def end_session(request: Request, session: str, member: Annotated[Member, Depends(allowed(Action.SIGN_OUT))]) -> Response:
    """End one of one's own sessions."""
    if not await done(services_of(request).sessions.end, member, session):
        raise RequestFault(Fault.NOT_FOUND)
    return redirect(HERE)


async def _changed(request: Request, work: Callable[..., Done], *given: Any) -> Done:
    """Something done to a colleague; one that is not there, or cannot be changed so, is not found."""
    try:
        return await done(work, *given)
    except StaffError:
        raise RequestFault(Fault.NOT_FOUND) from None


async def _name_of(request: Request, member: Member, staff: str) -> str:
    found = await done(services_of(request).staff.colleagues, member)
    name = next((one.name for one in found if one.id == staff), None)
    if name is None:
        raise RequestFault(Fault.NOT_FOUND)
    return name


async def sign_in_page(request: Request, status: int = 200, wait: int = 0, name: str = "", notice: str = NOT_RIGHT) -> Response:
    """Where one signs in; `notice` is told unless the status is 200, `wait` in seconds."""
    nobody = not await done(services_of(request).staff.anybody)
    shown, service = notice if status != 200 else None, _service(request)
    return staff_page(request, "staff_sign_in.html", status, nobody=nobody, wait=wait, name=name, notice=shown, service=service)


def _join_page(request: Request, status: int = 200, code: str = "", name: str = "", notice: str | None = None) -> Response:
    return staff_page(request, "staff_join.html", status, code=code, name=name, shortest=SHORTEST_PASSPHRASE, notice=notice)


async def home_page(request: Request, member: Member, status: int = 200, **values: Any) -> Response:
    """What there is to do for who is signed in."""
    services = services_of(request)
    language = services.language_of(request)
    words = services.words(language)
    staff = services.staff
    organisation = await done(staff.organisation, member)
    colleagues = await done(staff.colleagues, member) if member.may(Action.LET_IN) else []
    sessions = await done(services.sessions.of, member)
    passkeys = await done(services.passkeys.of, member)
    linked = await done(services.identities.of, member) if services.oidc is not None else None
    shown = {"code": None, "code_for": "", "leaving": None, "notice": None, **values}
    return staff_page(
        request,
        "staff_home.html",
        status,
        member=member,
        organisation=organisation.name,
        rotation_due=organisation.rotation_due and member.may(Action.ROTATE_KEYS) and bool(member.keys),
        needs_key=not member.keys and member.opens_cases,
        colleagues=[(one, [words(WORDS_OF_ROLES[role]) for role in Role if role in one.roles]) for one in colleagues],
        roles=[(role.value, words(WORDS_OF_ROLES[role])) for role in Role],
        manages=member.may(Action.INVITE),
        reads_rules=member.may(Action.READ_RULES),
        unreviewed=(current := await done(services.releases.in_force)) is not None and current.ends_at is not None,
        lists_cases=member.may(Action.LIST_CASES) and bool(member.keys),
        sessions=[(short, told_moment(began, language), told_moment(seen, language)) for short, began, seen in sessions],
        passkeys=[(one.called, told_day(one.made_at, language), told_day(one.used_at, language) if one.used_at else None) for one in passkeys],
        service=_service(request),
        linked=told_day(linked, language) if linked is not None else None,
        **shown,
    )


def _service(request: Request) -> str | None:
    """What the other service is called through which one may sign in, too."""
    service = services_of(request).oidc
    return service.name if service is not None else None
