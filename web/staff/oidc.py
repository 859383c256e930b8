"""Signing in through another service (OpenID Connect): out to it, back, and then the passphrase; linking one's account there.

Whoever comes back comes from another website, so the session's cookie, which is for our own pages alone, is not shown. The page she comes
back to therefore asks once more: for the passphrase, or whether to link the account. What she sends from it shows the cookie again.
"""

from __future__ import annotations

from math import ceil
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from calculator.translation import _
from store.organisations.access import Member
from store.organisations.roles import Action
from store.organisations.sessions import SignInError, StepOverError
from store.organisations.steps import new_token
from web.errors import Fault, RequestFault
from web.rendering import redirect
from web.security import address_of, require_same_origin
from web.services import services_of
from web.staff.doing import done, staff_page
from web.staff.oidc_service import OidcService, ServiceDownError, ServiceRefusedError
from web.staff.pages import HERE, SLOW, Text
from web.staff.passkeys import site_of
from web.staff.session import BROWSER, STEP, allowed, drop_step, set_browser, set_session, set_step

OUT, OUT_SECONDS, OUT_PATH = "o", 600, "/staff/oidc"

NOT_PROVED = _("That did not work: the other service did not say who you are. Begin again.")
DOWN = _("The other service does not answer now. Sign in with a code or a passkey.")
NOBODY = _("This account is linked to nobody here.")
HOW_TO_LINK = _("Are you a member? Sign in with a code or a passkey first. Then link the account on your page.")
NOT_LINKED = _("This account cannot be linked here. Begin again, or choose another account.")
NOT_RIGHT = _("The passphrase is not right.")


def service_of(request: Request) -> OidcService:
    """The service. Where none is configured there is nothing at these addresses."""
    service = services_of(request).oidc
    if service is None:
        raise RequestFault(Fault.NOT_FOUND)
    return service


router = APIRouter(prefix=OUT_PATH, include_in_schema=False)
Service = Annotated[OidcService, Depends(service_of)]


@router.get("", dependencies=[Depends(require_same_origin)])
async def go(request: Request, service: Service) -> Response:
    """To the service, to sign in. A link and no form: pages may send forms to nobody but us."""
    return await _gone(request, service, None)


@router.get("/link", dependencies=[Depends(require_same_origin)])
async def go_and_link(request: Request, service: Service, member: Annotated[Member, Depends(allowed(Action.LINK_IDENTITY))]) -> Response:
    """To the service, to link an account."""
    return await _gone(request, service, member)


@router.get("/back")
async def back(request: Request, service: Service, state: str = "", code: str = "", iss: str = "") -> Response:
    """Back from the service. Nothing begins here: what was proved is kept, and the page asks for what is missing."""
    identities = services_of(request).identities
    step = await done(identities.back, request.cookies.get(OUT, ""), state[:200])
    if step is None or not code or len(code) > 4000 or (iss and iss != service.issuer):
        return _page(request, service, "not", 401, NOT_PROVED)
    try:
        subject = await service.identity(step.content, code)
    except ServiceRefusedError:
        return _page(request, service, "not", 401, NOT_PROVED)
    except ServiceDownError:
        return _page(request, service, "not", 503, DOWN)
    if step.staff is not None:
        token = await done(identities.ask_to_link, step.staff, service.issuer, subject)
        response = _page(request, service, "link")
    else:
        known = await done(identities.signs_in, service.issuer, subject)
        if known is None:
            return _page(request, service, "not", 403, NOBODY, more=HOW_TO_LINK)
        token, response = known, _page(request, service, "passphrase")
    set_step(request, response, token)
    response.delete_cookie(OUT, path=OUT_PATH)
    return response


@router.post("/passphrase", dependencies=[Depends(require_same_origin)])
async def open_key(request: Request, service: Service, passphrase: Text = "") -> Response:
    """Begin a session."""
    sessions = services_of(request).sessions
    given = (request.cookies.get(STEP, ""), passphrase, address_of(request), request.cookies.get(BROWSER))
    try:
        async with SLOW:
            signed = await done(sessions.sign_in_after_service, *given)
    except SignInError as error:
        return _page(request, service, "passphrase", 401, NOT_RIGHT, wait=ceil(error.wait.total_seconds()))
    except StepOverError:
        return _page(request, service, "not", 401, NOT_PROVED)
    response = redirect(HERE)
    set_session(request, response, signed.token)
    set_browser(request, response, signed.browser)
    drop_step(response)
    return response


@router.post("/linked", dependencies=[Depends(require_same_origin)])
async def link(request: Request, service: Service, member: Annotated[Member, Depends(allowed(Action.LINK_IDENTITY))]) -> Response:
    """The account is hers: link it."""
    if not await done(services_of(request).identities.link, member, request.cookies.get(STEP, "")):
        return _page(request, service, "not", 422, NOT_LINKED)
    response = redirect(HERE)
    drop_step(response)
    return response


@router.post("/unlink", dependencies=[Depends(require_same_origin)])
async def unlink(request: Request, service: Service, member: Annotated[Member, Depends(allowed(Action.UNLINK_IDENTITY))]) -> Response:
    """The account no longer says who she is."""
    if not await done(services_of(request).identities.unlink, member):
        raise RequestFault(Fault.NOT_FOUND)
    return redirect(HERE)


async def _gone(request: Request, service: OidcService, member: Member | None) -> Response:
    cookie, state = new_token(), new_token()
    try:
        address, kept = await service.way_out(f"{site_of(request).origin}{OUT_PATH}/back", state)
    except ServiceDownError:
        return _page(request, service, "not", 503, DOWN)
    await done(services_of(request).identities.go, cookie, state, kept, member)
    response = redirect(address)
    # The one cookie that is lax: she comes back by a link of the service, and browsers show a strict one to no page that another website
    # leads to. It opens nothing: without the state that the service hands on, and what the service then says, it is of no use.
    secure = request.url.scheme == "https"
    response.set_cookie(OUT, cookie, max_age=OUT_SECONDS, httponly=True, samesite="lax", secure=secure, path=OUT_PATH)
    return response


def _page(
    request: Request, service: OidcService, what: str, status: int = 200, notice: str | None = None, wait: int = 0, more: str = ""
) -> Response:
    words = services_of(request).words(services_of(request).language_of(request))
    shown = words(more) if more else None
    return staff_page(request, "staff_oidc.html", status, what=what, service=service.name, notice=notice, wait=wait, more=shown, here=HERE)
