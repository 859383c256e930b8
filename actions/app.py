"""The application of the action server: rasa-sdk's own, behind the secret that gateway, Rasa and action server share."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from calculator.errors import PackError
from calculator.packs.current import put_in_force
from calculator.packs.released import Followed
from envelope.secret import SharedSecret
from store.keys import read_keys

logger = logging.getLogger(__name__)
HEALTH = "/health"
#: Between two looks at a file of a few letters.
LOOK_AGAIN_SECONDS = 1.0


def guarded_app(executor: ActionExecutor, secret_file: Path, open_health: bool, rules_folder: Path) -> Sanic[Any, Any]:
    """The application; who has not the secret is refused. `open_health`: whether /health answers everybody. `rules_folder`: where the
    release in force on this machine is named."""
    secret = SharedSecret(secret_file, read_keys)
    # rasa-sdk allows every origin by default, which would let any web page in a browser on this machine talk to it.
    app: Sanic[Any, Any] = create_app(executor, cors_origins="")

    async def only_with_the_secret(request: Request) -> HTTPResponse | None:
        if open_health and request.path == HEALTH:
            return None
        if secret.accepts(request.headers.get("authorization")):
            return None
        return json({"error": "the channel secret is wrong or missing"}, status=401)

    app.register_middleware(only_with_the_secret, "request")
    app.add_task(_follow(Followed(rules_folder)))
    return app


async def _follow(followed: Followed) -> None:
    """Take up each release of the rules that the gateway of this machine names, between two turns: a turn is worked out without a pause."""
    while True:
        try:
            rules = await asyncio.to_thread(followed.found)
            if rules is not None:
                put_in_force(rules)
                logger.info("rules in force: %s", rules.release)
        except PackError as error:
            logger.error("the release %s cannot be read by this version, the one before stands", error.place.get("file"))
        except OSError as error:
            logger.error("releases of the rules cannot be read: %s", type(error).__name__)
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
