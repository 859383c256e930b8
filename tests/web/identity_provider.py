"""A small service that says who somebody is (OpenID Connect), with real keys and signed tokens, and ways to cheat."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlencode

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import RSAKey

from tools.local_services import free_port

CLIENT, SECRET = "redress here", "s3cret: with/marks+"


class Provider:
    """Whoever comes is `subject` there. `changes`: claims of the token that differ from what is right; None takes one away."""

    def __init__(self, url: str) -> None:
        self.url, self.subject, self.codes = url, "ana-there", {}
        self.first = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
        self.reset()
        self.app = FastAPI()
        for path, answer in (
            ("/.well-known/openid-configuration", self.describe),
            ("/keys", self.key_set),
            ("/authorize", self.authorize),
        ):
            self.app.get(path)(answer)
        self.app.post("/token")(self.token)

    def reset(self) -> None:
        """Nobody cheats, nothing is down."""
        self.keys, self.signer, self.algorithm, self.headers = [self.first], self.first, "RS256", {}
        self.changes: dict[str, object] = {}
        self.down, self.about, self.asked = False, {}, []

    async def describe(self) -> JSONResponse:
        self.asked.append("about")
        about = {"issuer": self.url, "authorization_endpoint": f"{self.url}/authorize", "token_endpoint": f"{self.url}/token"}
        return JSONResponse({**about, "jwks_uri": f"{self.url}/keys", **self.about}, status_code=500 if self.down else 200)

    async def key_set(self) -> JSONResponse:
        self.asked.append("keys")
        return JSONResponse({"keys": [key.as_dict(private=False) for key in self.keys]})

    async def authorize(self, request: Request) -> RedirectResponse:
        """She signs in there, and is led back."""
        asked = dict(request.query_params)
        assert asked["response_type"] == "code" and asked["client_id"] == CLIENT and "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.url})}", 302)

    async def token(self, request: Request) -> JSONResponse:
        """A code becomes a token, once, for who asked for it."""
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        given = base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode().partition(":")
        user, password = (parse_qs(f"x={one}")["x"][0] for one in (given[0], given[2]))
        asked = self.codes.pop(form["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        right = asked is not None and challenge == asked["code_challenge"] and form["redirect_uri"] == asked["redirect_uri"]
        if not right or (user, password) != (CLIENT, SECRET) or form["grant_type"] != "authorization_code":
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.url, "sub": self.subject, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"], **self.changes}
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": "first", **self.headers}
        signed = jwt.encode(header, claims, self.signer, algorithms=[self.algorithm])
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": signed})


@contextmanager
def provider() -> Iterator[Provider]:
    """The service on a port of its own."""
    port = free_port()
    found = Provider(f"http://127.0.0.1:{port}")
    with served(found.app, port):
        yield found


@contextmanager
def served(app: FastAPI, port: int) -> Iterator[str]:
    """An application in a thread of this process."""
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)
