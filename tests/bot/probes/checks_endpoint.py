"""Rasa's way to the action servers: the secret goes along, a turn has one deadline, and another server is asked where one cannot be reached."""

from __future__ import annotations

import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from bot.actions_endpoint import ActionsEndpoint, check_answers_with_one_validator, start_turn
from bot.keys import read_keys, read_or_make_key
from bot.settings import ACTIONS_SECONDS
from envelope.secret import SharedSecret

NOBODY = "http://127.0.0.1:1/webhook"


def secret(folder: Path) -> SharedSecret:
    read_or_make_key(folder / "channel.secret")
    return SharedSecret(folder / "channel.secret", read_keys)


@asynccontextmanager
async def actions(breaks_off: bool = False) -> AsyncIterator[tuple[str, list[str]]]:
    """An action server: its webhook, and the secrets that it was asked with."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append(request.headers.get("Authorization", ""))
        if breaks_off and request.transport is not None:
            request.transport.close()
        return web.json_response({"events": [], "responses": []})

    application = web.Application()
    application.router.add_post("/webhook", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    await web.SockSite(runner, listening).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/webhook", asked
    finally:
        await runner.cleanup()


async def check_the_next_is_asked_where_one_is_gone_or_breaks_off(folder: Path) -> None:
    async with actions(breaks_off=True) as (broken, first), actions() as (good, second):
        start_turn()
        answer: Any = await ActionsEndpoint(f"{NOBODY}, {broken},{good}", secret(folder)).request(json={})
        assert answer == {"events": [], "responses": []}
        assert first and second == [f"Bearer {read_keys(folder / 'channel.secret')[0].decode()}"]


async def check_that_none_can_be_reached_is_said(folder: Path) -> None:
    start_turn()
    begun = time.monotonic()
    try:
        await ActionsEndpoint(f"{NOBODY},{NOBODY}", secret(folder)).request(json={})
    except aiohttp.ClientConnectionError:
        assert time.monotonic() - begun < ACTIONS_SECONDS
    else:
        raise AssertionError


def check_that_an_answer_is_still_held_against_the_schema() -> None:
    slow = RemoteAction._validate_action_result
    check_answers_with_one_validator()
    try:
        action = RemoteAction("action_answer", None)
        slot = {"event": "slot", "name": "country", "value": "DE", "timestamp": None}
        for answer, fits in (
            ({"events": [], "responses": []}, True),
            ({"events": [slot], "responses": [{"text": "yes", "buttons": []}]}, True),
            ({"events": [{"name": "country"}], "responses": []}, False),
            ({"events": [{"event": "made up"}], "responses": []}, False),
            ({"events": [], "responses": ["yes"]}, False),
            ([], False),
        ):
            for validate in (slow, RemoteAction._validate_action_result):
                try:
                    assert validate(action, answer) is True
                    assert fits, answer
                except ValidationError:
                    assert not fits, answer
    finally:
        RemoteAction._validate_action_result = slow
