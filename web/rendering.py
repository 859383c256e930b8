"""Pages from templates: what every page knows, and the chat in its states."""

from __future__ import annotations

import os
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

from calculator import wording
from calculator.yaml12 import load
from web.cleaning import MAX_TEXT
from web.errors import Fault, describe
from web.framing import is_framed
from web.i18n import direction, own_name
from web.linkify import callable_number, linkified
from web.pictures import panel_of, picture_of
from web.services import services_of
from web.state import ConversationState, Message, Service, View

# Said by our script: it takes the page itself as the answer, without the detour of a redirect.
SCRIPT_HEADER = "x-notes"

#: Where a page is found again: what the address bar holds while it is shown.
PLACES = {
    "chat.html": "/",
    "start.html": "/start",
    "result.html": "/result",
    "view.html": "/view",
    "keep.html": "/keep",
    "delete.html": "/delete",
    "hand_over.html": "/hand-over",
    "staff_sign_in.html": "/staff",
    "staff_home.html": "/staff",
    "staff_join.html": "/staff/join",
    "staff_joined.html": "/staff/join",
    "staff_passkey.html": "/staff",
    "staff_oidc.html": "/staff",
    "staff_cases.html": "/staff/cases",
    "staff_case.html": "/staff/cases",
    "staff_from_chat.html": "/staff/cases",
    "staff_hand_over.html": "/staff/cases",
    "staff_interview.html": "/staff/cases",
    "staff_statistics.html": "/staff/statistics",
    "staff_changes.html": "/staff/cases",
    "staff_compare.html": "/staff/cases",
    "staff_dossier.html": "/staff/cases",
    "staff_delete.html": "/staff/cases",
    "staff_exchange.html": "/staff/exchange",
    "staff_rules.html": "/staff/rules",
    "staff_release.html": "/staff/rules",
    "staff_rules_of_state.html": "/staff/rules",
    "staff_new_value.html": "/staff/rules",
    "staff_rules_both.html": "/staff/rules",
    "staff_rules_find.html": "/staff/rules",
    "staff_rules_freshness.html": "/staff/rules/freshness",
    "staff_exchange_look.html": "/staff/exchange",
}

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_LEAVE_TO: dict[str, str] = load(Path(__file__).with_name("leave.yaml").read_text(encoding="utf-8"))


def page(
    request: Request,
    template: str,
    language: str,
    status: int = 200,
    state: ConversationState | None = None,
    of_country: str | None = None,
    **values: object,
) -> HTMLResponse:
    """Render a template in a language; `state` gives how this person wants it shown and where leaving leads, and else `of_country` whose
    emergency number it is."""
    services = services_of(request)
    _ = services.words(language)
    names = [(code, own_name(code), direction(code)) for code in services.languages]
    html = _templates.get_template(template).render(
        _=_,
        ngettext=_.ngettext,
        language=language,
        direction=direction(language),
        languages=sorted(names, key=lambda name: name[1].casefold()),
        idle_minutes=services.settings.idle_minutes,
        max_text=MAX_TEXT,
        place=PLACES.get(template, "/"),
        own_name=own_name(language),
        other_scripts=_other_scripts(names, language),
        # A form carries the turn it was shown in, so that it counts once.
        form_id=state.turn if state is not None else "",
        linkified=lambda message: linkified(message, services.contacts),
        callable_number=callable_number,
        # Shown by our script when no answer comes: the page itself holds the number.
        in_danger=Message(
            text=services.contacts.hint(language, state.country if state is not None else of_country, None), kind="emergency_hint"
        ),
        line=line_to_call(state),
        brand=services.settings.brand,
        fixed_day=wording.day(fixed, language) if (fixed := os.environ.get("REDRESS_TODAY")) else None,
        view=state.view if state is not None else View(),
        leave_to=leave_to(request, state),
        kept=state is not None and state.kept_until is not None,
        embedded=is_framed(request, services.settings),
        **values,
    )
    return HTMLResponse(html, status_code=status, headers={"Content-Language": language})


def rendered(request: Request, template: str, language: str, **values: object) -> str:
    """A part of a page, for our script to put in its place."""
    _ = services_of(request).words(language)
    return _templates.get_template(template).render(_=_, ngettext=_.ngettext, language=language, **values)


def line_to_call(state: ConversationState | None) -> Service | None:
    """The line that the dialogue named last for this person, of several the first: it chose by country, kind and hour."""
    if state is None:
        return None
    named = [(entry.turn, service) for entry in state.transcript if (service := (entry.message.model_extra or {}).get("service"))]
    latest = max((turn for turn, _service in named), default=None)
    lines = [*(Service.model_validate(service) for turn, service in named if turn == latest), *(state.result.services if state.result else [])]
    return next((line for line in lines if line.number), None)


#: Shown beside the name of the language, a hint for who cannot read it.
OTHER_SCRIPTS = ("en", "ar", "zh", "uk", "vi")


def _other_scripts(names: list[tuple[str, str, str]], language: str) -> list[str]:
    by_code = {code: name for code, name, _direction in names}
    return [by_code[code] for code in OTHER_SCRIPTS if code in by_code and code != language]


def leave_to(request: Request, state: ConversationState | None) -> str:
    """The harmless page that "Leave this page" opens: the weather of the country, unless the operator chose another."""
    services = services_of(request)
    country = state.country if state is not None else services.settings.default_country
    return services.settings.leave_url or _LEAVE_TO.get(country or "", services.settings.default_leave_url)


def chat_page(request: Request, state: ConversationState, status: int = 200, notice: Message | None = None, draft: str = "") -> HTMLResponse:
    """The last lines of a conversation, and a field to write in."""
    turns_with_buttons = [entry.turn for entry in state.transcript if entry.message.buttons]
    return page(
        request,
        "chat.html",
        state.language,
        status,
        state,
        entries=state.transcript,
        latest_turn=max((entry.turn for entry in state.transcript), default=0),
        # Only the newest choices are shown: an old one pressed by mistake would answer another question.
        buttons_turn=max(turns_with_buttons, default=None),
        open_buttons={button.id: picture_of(button) for button in state.buttons},
        panel=panel_of(state.open_fact, state.language, services_of(request).words(state.language)),
        result_here=state.result is not None,
        notice=notice,
        draft=draft[:MAX_TEXT],
    )


def problem_page(request: Request, fault: Fault, language: str, status: int, state: ConversationState | None = None) -> HTMLResponse:
    """A page that says what is wrong and what to do, with local numbers where somebody may have written and is not answered."""
    services = services_of(request)
    message, fix = describe(fault, services.words(language))
    country = state.country if state is not None else None
    sorry = None
    if fault is Fault.BROKEN:
        sorry = Message(text=services.contacts.unavailable(language, country), kind="unavailable")
    elif fault in (Fault.UNKNOWN_CONVERSATION, Fault.TOO_MANY, Fault.TOO_LONG, Fault.TOO_LARGE):
        sorry = Message(text=services.contacts.hint(language, country, None), kind="emergency_hint")
    return page(request, "problem.html", language, status, state, message=message, fix=fix, sorry=sorry)


def from_script(request: Request) -> bool:
    """Whether our script asks, which shows the answer without loading a page."""
    return SCRIPT_HEADER in request.headers


def redirect(address: str) -> Response:
    """After a form: a reload must not send it again."""
    return RedirectResponse(address, status_code=303)
