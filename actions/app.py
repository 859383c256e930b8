"""The application of the action server: rasa-sdk's own, behind the secret that gateway, Rasa and action server share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from envelope.secret import SharedSecret
from store.keys import read_keys

HEALTH = "/health"


def guarded_app(executor: ActionExecutor, secret_file: Path, open_health: bool) -> Sanic[Any, Any]:
    """The application; who has not the secret is refused. `open_health`: whether /health answers everybody."""
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
    return app
