"""Keys and seals of case files. Everything here is libsodium (pynacl) and Argon2 (argon2-cffi): nothing is invented.

A case has a key of its own. That key is sealed to the public key of its organisation; the organisation's private key is sealed to each
member and to a recovery key on paper; a member's private key is locked with a passphrase that only she knows. So a disk with database,
key files and backups shows no fact of any case.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import Any

from argon2 import PasswordHasher
from argon2.low_level import Type, hash_secret_raw
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

KEY_BYTES = 32
#: First byte of everything that is sealed here, for the day when another way is needed.
VERSION = b"\x01"
#: Argon2id as OWASP's password storage cheat sheet asks at least (2024: 46 MiB, one pass) and more: 64 MiB, three passes, one lane.
MEMORY_KIB, PASSES, LANES = 64 * 1024, 3, 1
SALT_BYTES = 16
#: What a passphrase is compared with; never its key.
HASHER = PasswordHasher(PASSES, MEMORY_KIB, LANES)
#: What is sealed is as long as a multiple of this: the size of a case does not tell what is in it.
BLOCK = 1024
#: A recovery key on paper: groups of five letters and digits that nobody mistakes, then one group that finds a slip of the pen.
GROUP = 5


class SealError(ValueError):
    """What was to be opened was sealed with another key, or altered."""


class RecoveryKeyError(ValueError):
    """What was typed is no recovery key: a letter is missing or wrong."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A private key (32 bytes) and its public one."""

    private: bytes
    public: bytes

    @classmethod
    def new(cls) -> KeyPair:
        return cls.of(bytes(PrivateKey.generate()))

    @classmethod
    def of(cls, private: bytes) -> KeyPair:
        return cls(private, bytes(PrivateKey(private).public_key))

    def open(self, sealed: bytes) -> bytes:
        """What was sealed to this key. Raises SealError."""
        try:
            return SealedBox(PrivateKey(self.private)).decrypt(_body(sealed))
        except CryptoError:
            raise SealError("this was sealed to another key, or altered") from None


def seal_to(public: bytes, content: bytes) -> bytes:
    """Seal bytes so that only the owner of the private key opens them."""
    return VERSION + SealedBox(PublicKey(public)).encrypt(content)


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def lock(content: bytes, key: bytes) -> bytes:
    """Encrypt bytes with a key of 32 bytes (XSalsa20-Poly1305, a new nonce each time)."""
    return VERSION + bytes(SecretBox(key).encrypt(content))


def unlock(locked: bytes, key: bytes) -> bytes:
    """The bytes again. Raises SealError."""
    try:
        return SecretBox(key).decrypt(_body(locked))
    except CryptoError:
        raise SealError("this was locked with another key, or altered") from None


def lock_json(value: dict[str, Any], key: bytes) -> bytes:
    """Encrypt an object as JSON, filled up so that its length tells nothing. Equal objects give equal JSON."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")
    return lock(text + b" " * (-len(text) % BLOCK), key)


def unlock_json(locked: bytes, key: bytes) -> dict[str, Any]:
    """The object again. Raises SealError."""
    value = json.loads(unlock(locked, key))
    if not isinstance(value, dict):
        raise SealError("an object was expected")
    return value


def new_id() -> str:
    """A name of a row that says nothing and that nobody guesses."""
    return secrets.token_urlsafe(16)


def digest(text: str) -> str:
    """SHA-256 of something long and random (a cookie, a code), by which its row is found."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def key_of_passphrase(passphrase: str, salt: bytes) -> bytes:
    """The key that a passphrase gives with its salt: slow on purpose (about a tenth of a second)."""
    return hash_secret_raw(passphrase.encode("utf-8"), salt, PASSES, MEMORY_KIB, LANES, KEY_BYTES, Type.ID)


def key_of_secret(secret: bytes, purpose: str) -> bytes:
    """The key that a long random secret (a session's, an invitation's) gives for one purpose: quick, since nobody can guess it."""
    return hmac.new(secret, f"redress {purpose}".encode(), hashlib.sha256).digest()


def written(key: bytes) -> str:
    """A recovery key as it stands on paper: `ABCDE-FGHIJ-...`, with a group that finds slips."""
    return _in_groups(key + _check(key))


def read_written(text: str) -> bytes:
    """The key on a paper, typed in small or capital letters, with or without lines between groups. Raises RecoveryKeyError."""
    letters = letters_of(text)
    try:
        raw = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError:
        raw = b""
    key, check = raw[:KEY_BYTES], raw[KEY_BYTES:]
    # The last letter carries bits that are no part of the key: a slip there must be found too.
    whole = letters == letters_of(_in_groups(raw))
    if len(key) != KEY_BYTES or not hmac.compare_digest(check, _check(key)) or not whole:
        raise RecoveryKeyError("this is no recovery key; a letter is missing or wrong")
    return key


def new_code() -> str:
    """A code that is handed over on paper or said: 24 letters and digits (120 bits) in groups, as a recovery key is written."""
    return _in_groups(secrets.token_bytes(15))


def letters_to_compare(public: bytes) -> str:
    """Letters by which two people on the telephone find out whether they mean the same public key (80 bits)."""
    return _in_groups(hashlib.sha256(b"public key" + public).digest()[:10])


def letters_of(text: str) -> str:
    """The letters of a code or key as it was typed: small or capital, with or without what stands between groups."""
    # 0, 1 and 8 are no letters of base 32: who types them misread one.
    return "".join(c for c in text.upper() if c.isalnum()).translate(str.maketrans("018", "OIB"))


def _in_groups(content: bytes) -> str:
    letters = base64.b32encode(content).decode("ascii").rstrip("=")
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def _check(key: bytes) -> bytes:
    return hashlib.sha256(b"recovery" + key).digest()[:2]


def _body(sealed: bytes) -> bytes:
    if sealed[:1] != VERSION:
        raise SealError("this was sealed in a way that this version does not know")
    return sealed[1:]
