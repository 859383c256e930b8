"""Under which names the database holds a conversation. Nobody comes from a name to the id without the key of the installation."""

from __future__ import annotations

import base64
import hashlib
import hmac


def row_key(key: bytes, conversation: str) -> str:
    """Name of a conversation and of its own key: 64 hex digits. `key`: 32 bytes in urlsafe base64."""
    return _digest(base64.urlsafe_b64decode(key), conversation)


def dialogue_key(key: bytes, conversation: str) -> str:
    """Name of what the dialogue keeps of a conversation, 64 hex digits."""
    return _digest(hmac.new(key, b"redress conversation id", hashlib.sha256).digest(), conversation)


def _digest(key: bytes, conversation: str) -> str:
    return hmac.new(key, conversation.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
