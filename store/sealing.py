"""Encryption of conversations at rest, and the name a conversation has in the database."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from erasure.names import dialogue_key, row_key

JsonObject = dict[str, Any]

# As long as the random ids of other conversations.
SENDER_ID_BYTES = 24


class Sealer:
    """Names conversations with the key of the installation, and seals what has no key of its own (resume codes) with it."""

    def __init__(self, key: bytes, *older: bytes) -> None:
        """`key`: 32 bytes in urlsafe base64, as `read_keys` returns them; `older`: those that it takes the place of, while they are changed."""
        self._key = key
        self._keys = (key, *older)

    def row_key(self, conversation: str) -> str:
        """HMAC-SHA256 of the conversation's id, 64 hex digits: the database never holds the id itself."""
        return row_key(self._key, conversation)

    def dialogue_key(self, conversation: str) -> str:
        """Under which name the dialogue keeps its part of the conversation."""
        return dialogue_key(self._key, conversation)

    def names(self, conversation: str) -> list[tuple[str, str]]:
        """Row key and name of the dialogue's part: that of the newest key first, then those under which older conversations are."""
        return [(row_key(key, conversation), dialogue_key(key, conversation)) for key in self._keys]

    def sender_id(self, channel: str, sender: str) -> str:
        """Id of the one conversation with a messenger's sender: the same every time, and no way back to the number."""
        name = f"sender\0{channel}\0{sender}".encode("utf-8", "replace")
        digest = hmac.new(base64.urlsafe_b64decode(self._key), name, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:SENDER_ID_BYTES]).decode("ascii")

    def seal(self, value: JsonObject) -> bytes:
        """Encrypt a JSON object with the key of the installation."""
        return seal(value, self._key)

    def unseal(self, sealed: bytes) -> JsonObject | None:
        """Decrypt what was sealed so; None if the key has changed or the bytes were altered."""
        return next((content for key in self._keys if (content := unseal(sealed, key)) is not None), None)


def seal(value: JsonObject, key: bytes) -> bytes:
    """Encrypt a JSON object with Fernet (AES-128-CBC and HMAC-SHA256). `key`: 32 bytes in urlsafe base64."""
    return Fernet(key).encrypt(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def unseal(sealed: bytes, key: bytes) -> JsonObject | None:
    """Decrypt; None if it was sealed with another key, or altered."""
    try:
        value = json.loads(Fernet(key).decrypt(sealed).decode("utf-8", "surrogatepass"))
    except (InvalidToken, ValueError):
        return None
    return value if isinstance(value, dict) else None
