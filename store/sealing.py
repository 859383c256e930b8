"""Encryption of conversations at rest, and the name a conversation has in the database."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

JsonObject = dict[str, Any]

# As long as the random ids of other conversations.
SENDER_ID_BYTES = 24


class Sealer:
    """Seals JSON objects with Fernet (AES-128-CBC and HMAC-SHA256) under one key."""

    def __init__(self, key: bytes) -> None:
        """`key`: 32 bytes in urlsafe base64, as `read_or_make_key` returns them."""
        self._fernet = Fernet(key)
        self._hash_key = base64.urlsafe_b64decode(key)

    def row_key(self, conversation: str) -> str:
        """HMAC-SHA256 of the conversation's id, 64 hex digits: the database never holds the id itself."""
        return hmac.new(self._hash_key, conversation.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def sender_id(self, channel: str, sender: str) -> str:
        """Id of the one conversation with a messenger's sender: the same every time, and no way back to the number."""
        name = f"sender\0{channel}\0{sender}".encode("utf-8", "replace")
        digest = hmac.new(self._hash_key, name, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:SENDER_ID_BYTES]).decode("ascii")

    def seal(self, value: JsonObject) -> bytes:
        """Encrypt a JSON object."""
        return self._fernet.encrypt(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())

    def unseal(self, sealed: bytes) -> JsonObject | None:
        """Decrypt; None if the key has changed or the bytes were altered."""
        try:
            value = json.loads(self._fernet.decrypt(sealed))
        except (InvalidToken, ValueError):
            return None
        return value if isinstance(value, dict) else None
