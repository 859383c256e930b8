"""Settings of the Rasa server, read from `REDRESS_*` environment variables. All of them are optional."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from bot.keys import CHANNEL_SECRET, CONVERSATION_KEY
from erasure.wrapping import FILE_NAME as WRAPPING_KEYS

REPOSITORY = Path(__file__).resolve().parent.parent

DEFAULT_ACTIONS_URL = "http://127.0.0.1:5055/webhook"
DEFAULT_IDLE_MINUTES = 60
DEFAULT_BIND = "127.0.0.1"

# One turn may spend this long on the action server, all its calls together: a busy machine takes longer than a person likes, and the
# gateway says "one moment" meanwhile. Its own deadline is 7 s.
ACTIONS_SECONDS = 5.0
# A lock left behind by a killed server frees itself after this long.
LOCK_SECONDS = 7


@dataclass(frozen=True)
class Settings:
    """Where things are and how long they are kept."""

    data_dir: Path
    database_url: str
    actions_url: str
    redis_url: str | None
    default_country: str
    """ISO 3166 code, or "" when unknown (112 only)."""
    idle_minutes: int
    contacts_file: Path
    wrapping_keys_file: Path
    """What wraps the keys of conversations (erasure/wrapping.py)."""
    conversation_key_file: Path
    channel_secret_file: Path
    bind: str
    """Address the server listens on."""
    secret_always: bool
    """Whether also who asks from this machine needs the secret, for everything."""


def read_settings() -> Settings:
    """The settings as the environment has them now.

    Raises:
        ValueError: when REDRESS_IDLE_MINUTES is not a positive whole number.
    """
    data_dir = Path(os.environ.get("REDRESS_DATA_DIR") or REPOSITORY / "var").absolute()
    idle = os.environ.get("REDRESS_IDLE_MINUTES") or str(DEFAULT_IDLE_MINUTES)
    if not idle.isdecimal() or int(idle) < 1:
        raise ValueError(f"REDRESS_IDLE_MINUTES is {idle!r}; expected a whole number of minutes, 1 or more")
    return Settings(
        data_dir=data_dir,
        database_url=os.environ.get("REDRESS_DATABASE_URL") or f"sqlite:///{data_dir / 'redress.db'}",
        actions_url=os.environ.get("REDRESS_ACTIONS_URL") or DEFAULT_ACTIONS_URL,
        redis_url=os.environ.get("REDRESS_REDIS_URL") or None,
        default_country=(os.environ.get("REDRESS_DEFAULT_COUNTRY") or "").upper(),
        idle_minutes=int(idle),
        contacts_file=Path(os.environ.get("REDRESS_CONTACTS_FILE") or data_dir / "contacts.json"),
        wrapping_keys_file=Path(os.environ.get("REDRESS_WRAPPING_KEYS_FILE") or data_dir / WRAPPING_KEYS),
        conversation_key_file=Path(os.environ.get("REDRESS_CONVERSATION_KEY_FILE") or data_dir / CONVERSATION_KEY).absolute(),
        channel_secret_file=Path(os.environ.get("REDRESS_CHANNEL_SECRET_FILE") or data_dir / CHANNEL_SECRET).absolute(),
        bind=os.environ.get("REDRESS_RASA_BIND") or DEFAULT_BIND,
        secret_always=os.environ.get("REDRESS_SECRET_ALWAYS") == "1",
    )
