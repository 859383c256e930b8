"""`python -m bot.server`: the Rasa server of Redress, on loopback unless it is told another address.

What differs from `rasa run`: no telemetry; one thread; calls to the action server give up after five seconds;
only `/status`, `/model/parse` and the gateway's channel answer; who has not the channel secret is refused; logs hold
nobody's words; a server without encoder, model or database says so and does not start.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from pathlib import Path
from typing import Any

from sanic.exceptions import InvalidUsage

from bot.environment import prepare_environment, quiet_sanic
from bot.keys import read_keys
from bot.messages import without_command
from bot.settings import ACTIONS_SECONDS, DEFAULT_BIND, REPOSITORY, read_settings
from envelope.secret import SharedSecret, only_this_machine

logger = logging.getLogger("bot.server")

DEFAULT_PORT = 5005
# The gateway gives up after 7 s; a turn that is still running then is of no use to anybody.
RESPONSE_SECONDS = 9
OPEN_PATHS = ("/", "/version", "/status", "/model/parse")
OPEN_PREFIX = "/webhooks/gateway/"


def limit_waiting() -> None:
    """Set Rasa's request timeout (300 s) to that of the action server, wherever the constant was imported to."""
    import rasa.core.actions.action
    import rasa.core.agent
    import rasa.core.constants
    import rasa.core.nlg.callback
    import rasa.utils.endpoints

    for module in (
        rasa.core.constants,
        rasa.core.actions.action,
        rasa.core.agent,
        rasa.core.nlg.callback,
        rasa.utils.endpoints,
    ):
        module.DEFAULT_REQUEST_TIMEOUT = ACTIONS_SECONDS


async def load(model: Path, endpoints: Any) -> Any:
    """The loaded agent.

    Raises:
        RuntimeError: when the model cannot be loaded, or Rasa would keep conversations in another store than ours.
    """
    from rasa.core.agent import load_agent

    from bot.tracker_store import PrivateTrackerStore  # reads Rasa, which takes seconds

    agent = await load_agent(model_path=str(model), endpoints=endpoints, loop=asyncio.get_running_loop())
    if not agent.is_ready():
        raise RuntimeError(f"The model {model.name} cannot be loaded. Train it again: python -m bot.train --force")
    # Rasa wraps every store so that it falls back on an unencrypted one in memory; ours fails instead, and the
    # channel then answers from contacts.json.
    store = getattr(agent.tracker_store, "_tracker_store", agent.tracker_store)
    if not isinstance(store, PrivateTrackerStore):
        raise RuntimeError("The conversation store cannot be opened. Check REDRESS_DATABASE_URL and the data folder.")
    store.domain = agent.domain
    agent.tracker_store = agent.processor.tracker_store = store
    return agent


def make_app(model: Path, root: Path = REPOSITORY, host: str = DEFAULT_BIND) -> Any:
    """The Sanic application for a server on `host`; the model is loaded when it starts.

    Rasa's own `--auth-token` is not used: it travels in the address, and leaves `/`, `/version` and all channels open.
    """
    from rasa.core.run import configure_app, create_http_input_channels
    from rasa.core.utils import AvailableEndpoints
    from sanic import response

    from bot.actions_endpoint import ActionsEndpoint, check_answers_with_one_validator  # reads Rasa

    endpoints = AvailableEndpoints.read_endpoints(str(root / "endpoints.yml"))
    settings = read_settings()
    secret = SharedSecret(settings.channel_secret_file, read_keys)
    check_answers_with_one_validator()
    # What tells nothing of anybody needs no secret from this machine, where no other can reach the server.
    trusted = OPEN_PATHS if only_this_machine(host) and not settings.secret_always else ()
    endpoints.action = ActionsEndpoint(endpoints.action.url, secret)
    channels = create_http_input_channels(None, str(root / "credentials.yml"))
    # Rasa allows every origin by default, which would let any web page on this machine's browser talk to it.
    app = configure_app(channels, cors=[], endpoints=endpoints, response_timeout=RESPONSE_SECONDS)

    @app.middleware("request")
    async def only_what_is_needed(request: Any) -> Any:
        if request.path not in OPEN_PATHS and not request.path.startswith(OPEN_PREFIX):
            return response.json({"error": "not found"}, status=404)
        if request.path not in trusted and not secret.accepts(request.headers.get("authorization")):
            return response.json({"error": "the channel secret is wrong or missing"}, status=401)
        if request.path == "/model/parse":
            disarm(request)
        return None

    @app.listener("before_server_start")
    async def start(app: Any, _: Any) -> None:
        try:
            app.ctx.agent = await load(model, endpoints)
        except Exception as error:  # Sanic would go on without a model
            logger.error("%s", error)
            os._exit(1)
        logger.info("Rasa is ready.")

    @app.listener("after_server_start")
    async def forget(app: Any, _: Any) -> None:
        app.add_task(_purge_for_ever(app))

    return app


def disarm(request: Any) -> None:
    """Take the slash from a text to be parsed: Rasa would read "/restart" as a command and look for no danger."""
    try:
        body = request.json
    except InvalidUsage:
        return  # Rasa answers malformed bodies
    if isinstance(body, dict) and isinstance(body.get("text"), str):
        # An empty text is refused by Rasa; a person who sends only a slash gets the fallback.
        request.parsed_json = {**body, "text": without_command(body["text"]) or "-"}


async def _purge_for_ever(app: Any) -> None:
    """Wipe expired conversations every minute, also when nobody writes."""
    while True:
        try:
            await app.ctx.agent.tracker_store.purge()
        except Exception as error:  # the database may be away for a while
            logger.error("Expired conversations could not be wiped (%s).", type(error).__name__)
        await asyncio.sleep(60.5)


def main(arguments: list[str] | None = None) -> int:
    """Run the server until it is stopped; exit code 1 when it cannot start."""
    from bot.train import MODEL_NAME, MODELS  # sets what a training needs in the environment

    parser = argparse.ArgumentParser(prog="python -m bot.server", description="The Rasa server of Redress.")
    parser.add_argument("--host", help="address to listen on; default: REDRESS_RASA_BIND, else 127.0.0.1")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--model-dir", type=Path, default=MODELS)
    given = parser.parse_args(arguments)
    # What is written here is read by nobody else.
    os.umask(0o077)
    prepare_environment()
    model = given.model_dir / f"{MODEL_NAME}.tar.gz"
    if not model.exists():
        logger.error("There is no model %s. Train it first: python -m bot.train", model.name)
        return 1
    limit_waiting()
    try:
        host = given.host or read_settings().bind
        app = make_app(model, host=host)
    except Exception as error:
        logger.error("%s: %s", type(error).__name__, error)
        return 1
    quiet_sanic()
    app.run(host=host, port=given.port, workers=1, access_log=False, debug=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
