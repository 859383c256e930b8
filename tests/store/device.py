"""A device with passkeys, made of real keys: what a browser and an authenticator answer to what a page asks."""

from __future__ import annotations

import hashlib
import json
import secrets

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn import base64url_to_bytes
from webauthn.helpers import bytes_to_base64url

PRESENT, WITH_KEY = 0x01, 0x40


class Device:
    """Keeps one passkey. `counts`: whether it says how often it was used; `origin`: where its browser believes to be."""

    def __init__(self, origin: str = "http://here", counts: bool = True) -> None:
        self.origin, self.counts, self.used = origin, counts, 0
        self.private, self.credential = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16)

    def makes(self, options: str, **changed) -> str:
        """The answer to a question for a new passkey."""
        asked = json.loads(options)
        numbers = self.private.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + public
        data = self._data(changed.get("host", asked["rp"]["id"]), PRESENT | WITH_KEY) + attested
        response = {
            "clientDataJSON": self._client("webauthn.create", changed.get("challenge", asked["challenge"])),
            "attestationObject": bytes_to_base64url(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
        }
        return self._told(response)

    def answers(self, options: str, **changed) -> str:
        """The answer to a question for a passkey; `changed`: what somebody who cheats says in its place."""
        asked = json.loads(options)
        self.used = changed.get("used", self.used + 1 if self.counts else 0)
        data = self._data(changed.get("host", asked["rpId"]), changed.get("flags", PRESENT))
        client = self._client(changed.get("type", "webauthn.get"), changed.get("challenge", asked["challenge"]))
        signer = changed.get("signer", self.private)
        signed = signer.sign(data + hashlib.sha256(base64url_to_bytes(client)).digest(), ec.ECDSA(SHA256()))
        return self._told({"clientDataJSON": client, "authenticatorData": bytes_to_base64url(data), "signature": bytes_to_base64url(signed)})

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.used.to_bytes(4, "big")

    def _client(self, what: str, challenge: str) -> str:
        return bytes_to_base64url(json.dumps({"type": what, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode())

    def _told(self, response: dict[str, str]) -> str:
        name = bytes_to_base64url(self.credential)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
