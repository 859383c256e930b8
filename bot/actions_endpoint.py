"""The action server as Rasa calls it, with a deadline for a whole turn instead of five minutes a call."""

from __future__ import annotations

import time
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import aiohttp
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import EndpointConfig

from bot.settings import ACTIONS_SECONDS
from envelope.secret import SharedSecret


@dataclass
class _Turn:
    """Until when the calls of a turn may take, by the monotonic clock, and whether one of them failed."""

    until: float
    failed: bool = False


_turn: ContextVar[_Turn | None] = ContextVar("turn", default=None)


def start_turn() -> None:
    """Start the clock of a turn: all its calls together may take so long (`ACTIONS_SECONDS`)."""
    _turn.set(_Turn(time.monotonic() + ACTIONS_SECONDS))


def turn_failed() -> bool:
    """Whether an action of this turn failed or came too late. Rasa goes on as if it had nothing to say: what the others said is a part."""
    turn = _turn.get()
    return turn is not None and turn.failed


def check_answers_with_one_validator() -> None:
    """Make Rasa hold answers of the action server against the schema with a validator that is made once.

    Rasa makes one for each answer, which holds the schema itself against the schema of schemas: half of a turn's processor time.
    """
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema)

    def validated(_action: RemoteAction, answer: Any) -> bool:
        """True: the answer is one. Raises ValidationError when it is not."""
        validator.validate(answer)
        return True

    RemoteAction._validate_action_result = validated


class ActionsEndpoint(EndpointConfig):
    """An action endpoint that gives up when the turn's time is used up.

    Rasa waits 300 s a call and holds the conversation's lock meanwhile; with a hung action server a turn of two
    actions would wait twice. Rasa logs a `TimeoutError` and goes on as if the action had returned no events. The secret goes along.
    """

    def __init__(self, urls: str, secret: SharedSecret) -> None:
        """Create the endpoint of the action servers at `urls`, with commas between them; the first that can be reached is asked.

        An action changes nothing outside of its answer, so what broke off may be asked of another one.
        """
        own = [url.strip() for url in urls.split(",") if url.strip()]
        if not own:
            raise ValueError("REDRESS_ACTIONS_URL holds no address; write one, as http://127.0.0.1:5055/webhook, or leave it out")
        super().__init__(own[0])
        self._others = [EndpointConfig(url) for url in own[1:]]
        self._secret = secret

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Send the request; raises TimeoutError when the turn has no time left, ClientConnectionError when no server can be reached."""
        turn = _turn.get() or _Turn(time.monotonic() + ACTIONS_SECONDS)
        kwargs["headers"] = {**kwargs.get("headers", {}), **self._secret.headers()}
        try:
            return await self._request(turn.until, method, subpath, content_type, compress, **kwargs)
        except Exception:
            turn.failed = True
            raise

    async def _request(self, until: float, *args: Any, **kwargs: Any) -> Any:
        unreachable: aiohttp.ClientConnectionError | None = None
        for endpoint in (self, *self._others):
            kwargs["timeout"] = until - time.monotonic()
            if kwargs["timeout"] <= 0:
                raise TimeoutError
            try:
                return await EndpointConfig.request(endpoint, *args, **kwargs)
            except aiohttp.ClientConnectionError as error:
                unreachable = error
        raise unreachable or TimeoutError
