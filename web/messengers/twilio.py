"""Twilio: POST /messengers/twilio takes WhatsApp messages and SMS. The answer is the response itself (TwiML), never more."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import re
from datetime import timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from store.settings import TwilioSettings
from web.i18n import Words
from web.memory import MemoryDownError
from web.messengers.conversation import Answer, Incoming, Names
from web.messengers.options import written_out
from web.messengers.recall import recall
from web.messengers.shorten import joined, pieces, plain, shorten
from web.messengers.words import Channel
from web.services import Services, services_of

router = APIRouter(include_in_schema=False)

SIGNATURE_HEADER = "x-twilio-signature"
WHATSAPP = "whatsapp:"
STARTING_WORDS = ("start", "unstop")
NUMBER = re.compile(r"\+?\d{3,}")
DEFAULT_PORTS = {"https": 443, "http": 80}
# What Twilio takes in one message.
MOST_LETTERS = 1600
#: A message that comes again comes sooner.
KEPT = timedelta(minutes=15)
#: Our own words about the conversation: never counted or cut with the answer.
APART = frozenset({"warning", "languages"})
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@router.post("/messengers/twilio")
async def take_message(request: Request) -> Response:
    """Answer one message."""
    services = services_of(request)
    settings = services.settings.twilio
    if settings is None:
        raise HTTPException(404)
    form = await request.form()
    if not _is_from_twilio(form, request.headers.get(SIGNATURE_HEADER, ""), settings):
        return Response(status_code=403)
    incoming = _incoming(form)
    return await _answered(services, incoming) if incoming is not None else twiml([])


async def _answered(services: Services, incoming: Incoming) -> Response:
    """The answer as a response. A message that comes again has the same one, for as long as a late answer would still be wanted."""
    began, database = asyncio.get_running_loop().time(), True
    names = services.messengers.names(incoming)
    try:
        kept = await recall(services.memory, services.outbox, names.message)
        if kept is not None:
            return twiml(kept.content["texts"] if kept.content is not None else [])
    except MemoryDownError:
        database = False
    answer = await services.messengers.answer(incoming, began, database)
    if answer is None or incoming.stops:
        # After a word that stops, Twilio has answered and lets nothing of ours through.
        return twiml([])
    texts = bodies(answer, incoming.channel, services.words(answer.language))
    response = twiml(texts)
    # Danger waits for no database; should it come again before this is kept, the conversation still knows the answer.
    response.background = BackgroundTask(_keep, services, names, texts)
    return response


async def _keep(services: Services, names: Names, texts: list[str]) -> None:
    with contextlib.suppress(MemoryDownError):
        await services.memory.run(lambda: services.outbox.put(names.message, names.row, {"texts": texts}, KEPT))


def signature(address: str, fields: list[tuple[str, str]], auth_token: str) -> str:
    """Twilio's signature of a request: HMAC-SHA1 over the address and the sorted fields, in base64."""
    signed = address + "".join(name + value for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.new(auth_token.encode(), signed.encode(), hashlib.sha1).digest()).decode("ascii")


def bodies(answer: Answer, channel: Channel, _: Words) -> list[str]:
    """The messages an answer is sent as. What belongs together is one message: several may arrive in another order."""
    said = [message for message in answer.messages if message.kind not in APART]
    warned = joined(message.text for message in answer.messages if message.kind == "warning")
    languages = joined(message.text for message in answer.messages if message.kind == "languages")
    if channel is Channel.SMS:
        short = shorten(said, answer.language, _)
        whole = joined([short.whole, plain(warned, answer.language), short.shown])
    else:
        whole = joined(written_out([m for m in answer.messages if m.kind != "languages"], answer.language))
    return [piece for text in (whole, languages) for piece in pieces(text, MOST_LETTERS)]


def twiml(texts: list[str]) -> Response:
    """A TwiML response with a message for each text; without texts nothing is sent."""
    root = ElementTree.Element("Response")
    for text in texts:
        ElementTree.SubElement(root, "Message").text = NOT_IN_XML.sub("", text)
    return Response(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True), media_type="text/xml")


def _is_from_twilio(form: FormData, sent: str, settings: TwilioSettings) -> bool:
    fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    if len(fields) < len(form.multi_items()) or form.get("AccountSid") != settings.account_sid:
        return False
    # Twilio itself is not consistent about the port in what it signs.
    right = [signature(address, fields, settings.auth_token) for address in _with_and_without_port(settings.address)]
    return any([hmac.compare_digest(sent.encode(), one.encode()) for one in right])


def _with_and_without_port(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    host = parts.netloc.rpartition(":")[0] if parts.port else parts.netloc
    port = parts.port or DEFAULT_PORTS[parts.scheme]
    return parts._replace(netloc=host).geturl(), parts._replace(netloc=f"{host}:{port}").geturl()


def _incoming(form: FormData) -> Incoming | None:
    """What a person wrote; None for reports about our own messages, and for channels that are not set up here."""
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    sender = fields.get("From", "")
    channel = Channel.WHATSAPP if sender.startswith(WHATSAPP) else Channel.SMS
    number = sender.removeprefix(WHATSAPP)
    if "Body" not in fields or not fields.get("MessageSid") or not NUMBER.fullmatch(number):
        return None
    return Incoming(
        channel=channel,
        sender=number,
        id=fields["MessageSid"],
        text=fields["Body"],
        # "YES" has the same type, and is an answer.
        opens=fields.get("OptOutType") == "START" and fields["Body"].strip().casefold() in STARTING_WORDS,
        stops=fields.get("OptOutType") == "STOP",
        has_media=fields.get("NumMedia", "0") not in ("", "0"),
    )
