"""Another service that says who somebody is: OpenID Connect, code flow with PKCE. Only the name that the service gave her comes of it.

Nothing of it is logged but the kind of a fault.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from store.settings import ISSUER, OidcSettings

logger = logging.getLogger(__name__)

CALL_SECONDS = 5.0
#: What the service says about itself, and its keys, are asked for again after so long; for a key that is not known after a minute.
KEPT_SECONDS, AGAIN_SECONDS = 3600.0, 60.0
#: An answer is no larger.
MOST_BYTES = 256 * 1024
#: Signatures by keys of which only the service has the private half: with others whoever knows the client's secret could sign.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
#: Seconds that two clocks may differ.
LEEWAY = 60


class ServiceDownError(RuntimeError):
    """The service does not answer, or not as OpenID Connect says."""


class ServiceRefusedError(PermissionError):
    """What came back does not prove who it is."""


class OidcService:
    """Client of one service."""

    def __init__(self, settings: OidcSettings) -> None:
        self.name, self.issuer = settings.name, settings.issuer
        self._settings = settings
        self._http = httpx.AsyncClient(timeout=httpx.Timeout(CALL_SECONDS), follow_redirects=False)
        self._lock = asyncio.Lock()
        self._about: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    async def close(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    async def way_out(self, back: str, state: str) -> tuple[str, dict[str, str]]:
        """The address at which she says there who she is, and what is kept until she comes to `back`. Raises ServiceDownError."""
        about = await self._described()
        nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        asked = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": back,
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        address = about["authorization_endpoint"]
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", {"nonce": nonce, "verifier": verifier, "back": back}

    async def identity(self, kept: dict[str, str], code: str) -> str:
        """Who somebody is at the service, by what she came back with. Raises ServiceDownError, ServiceRefusedError."""
        about = await self._described()
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": kept["back"], "code_verifier": kept["verifier"]}
        client = (self._settings.client_id, self._settings.client_secret)
        methods = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if "client_secret_basic" in methods:
            # RFC 6749, 2.3.1: each half is encoded as in a form before it goes into the header.
            user, secret = (urlencode({"": one})[1:] for one in client)
            told = await self._called("POST", about["token_endpoint"], data=form, auth=httpx.BasicAuth(user, secret))
        else:
            told = await self._called("POST", about["token_endpoint"], data={**form, "client_id": client[0], "client_secret": client[1]})
        token = told.get("id_token")
        if not isinstance(token, str):
            raise ServiceRefusedError
        return await self._read(token, kept["nonce"], told.get("access_token"))

    async def _read(self, token: str, nonce: str, access_token: Any) -> str:
        """Her name at the service, out of a signed token that was made for this installation, for this question, and now."""
        try:
            signed = await self._verified(token)
            params = {"nonce": nonce, "client_id": self._settings.client_id, "access_token": access_token}
            options = {
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self._settings.client_id},
                "exp": {"essential": True},
                "iat": {"essential": True},
                "nonce": {"essential": True, "value": nonce},
            }
            claims = CodeIDToken(signed.claims, signed.header, options, params)
            claims.validate(leeway=LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            logger.warning("a sign-in through another service was refused: %s", type(error).__name__)
            raise ServiceRefusedError from None
        subject = signed.claims.get("sub")
        if not isinstance(subject, str) or not subject:
            raise ServiceRefusedError
        return subject

    async def _verified(self, token: str) -> jwt.Token:
        """Raises JoseError. A key that is not known yet may be a new one: the keys are asked for again, once."""
        asked_at, keys = await self._key_set(KEPT_SECONDS)
        try:
            return jwt.decode(token, keys, algorithms=ALGORITHMS)
        except (InvalidKeyIdError, ValueError):
            if time.monotonic() - asked_at < AGAIN_SECONDS:
                raise
        _asked_at, keys = await self._key_set(AGAIN_SECONDS)
        return jwt.decode(token, keys, algorithms=ALGORITHMS)

    async def _described(self) -> dict[str, Any]:
        """What the service says about itself."""
        async with self._lock:
            if self._about is None or time.monotonic() - self._about[0] > KEPT_SECONDS:
                about = await self._called("GET", f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
                addresses = [about.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
                # Where another issuer is named there, or an address without TLS, somebody else answers.
                if about.get("issuer") != self.issuer or not all(
                    isinstance(one, str) and ISSUER.fullmatch(one.partition("?")[0]) for one in addresses
                ):
                    logger.warning("what the service at REDRESS_OIDC_ISSUER says about itself does not fit")
                    raise ServiceDownError
                self._about = (time.monotonic(), about)
            return self._about[1]

    async def _key_set(self, kept: float) -> tuple[float, KeySet]:
        about = await self._described()
        async with self._lock:
            if self._keys is None or time.monotonic() - self._keys[0] > kept:
                told = await self._called("GET", about["jwks_uri"])
                try:
                    keys = KeySet.import_key_set(_for_signatures(told))
                except (JoseError, ValueError, TypeError, KeyError, AttributeError):
                    raise ServiceDownError from None
                self._keys = (time.monotonic(), keys)
            return self._keys

    async def _called(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        """JSON of the service. Raises ServiceDownError; ServiceRefusedError when it says that what was asked is wrong."""
        try:
            async with (
                asyncio.timeout(CALL_SECONDS),
                self._http.stream(method, address, headers={"Accept": "application/json"}, **more) as answer,
            ):
                body = b""
                async for part in answer.aiter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise ServiceDownError
                if method == "POST" and answer.status_code in (400, 401, 403):
                    raise ServiceRefusedError
                answer.raise_for_status()
                told = json.loads(body)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError) as error:
            # Only the kind: the text of the error names addresses.
            logger.warning("the service for signing in does not answer: %s", type(error).__name__)
            raise ServiceDownError from None
        if not isinstance(told, dict):
            raise ServiceDownError
        return told


def _for_signatures(told: dict[str, Any]) -> Any:
    """The keys that sign, of kinds that we know: others in the set, or newer ones, do no harm."""
    keys = [one for one in told["keys"] if one.get("kty") in ("RSA", "EC", "OKP") and one.get("use", "sig") == "sig"]
    return {"keys": keys}
