"""The installation's settings, read once from the environment into one frozen value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
DEFAULT_LEAVE_URL = "https://www.bbc.com/weather"


class SettingsError(ValueError):
    """A setting has a value that cannot be used; the text names the variable and how to mend it."""


@dataclass(frozen=True)
class Settings:
    """Everything an operator may choose. Times are in the unit the name says; URLs have no final slash.

    `locales_dir` is no environment variable: the catalogues belong to the code, tests may point elsewhere.
    """

    data_dir: Path
    database_url: str
    rasa_url: str
    actions_url: str
    redis_url: str | None
    default_country: str | None
    idle_minutes: int
    contacts_file: Path
    leave_url: str
    messages_per_minute: int = 30
    locales_dir: Path = field(default=REPOSITORY / "locales")

    @property
    def conversation_key_file(self) -> Path:
        """Key that encrypts conversations and hides their ids."""
        return self.data_dir / "conversation.key"

    @property
    def channel_secret_file(self) -> Path:
        """Secret shared by the gateway and the Rasa channel."""
        return self.data_dir / "channel.secret"


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read `REDRESS_*` from `environment` (default: the process's). Raises SettingsError on a bad value."""
    env = os.environ if environment is None else environment
    data_dir = Path(env.get("REDRESS_DATA_DIR") or REPOSITORY / "var").expanduser().resolve()
    return Settings(
        data_dir=data_dir,
        database_url=env.get("REDRESS_DATABASE_URL") or f"sqlite:///{data_dir / 'redress.db'}",
        rasa_url=(env.get("REDRESS_RASA_URL") or "http://127.0.0.1:5005").rstrip("/"),
        actions_url=(env.get("REDRESS_ACTIONS_URL") or "http://127.0.0.1:5055/webhook").rstrip("/"),
        redis_url=env.get("REDRESS_REDIS_URL") or None,
        default_country=(env.get("REDRESS_DEFAULT_COUNTRY") or "").strip().upper() or None,
        idle_minutes=_positive("REDRESS_IDLE_MINUTES", env.get("REDRESS_IDLE_MINUTES") or "60"),
        messages_per_minute=_positive("REDRESS_MESSAGES_PER_MINUTE", env.get("REDRESS_MESSAGES_PER_MINUTE") or "30"),
        contacts_file=Path(env.get("REDRESS_CONTACTS_FILE") or data_dir / "contacts.json"),
        leave_url=_web_address(env.get("REDRESS_LEAVE_URL") or DEFAULT_LEAVE_URL),
    )


def _positive(name: str, text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise SettingsError(f"{name} is {text!r}; it must be a whole number, at least 1")
    return number


def _web_address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise SettingsError(f"REDRESS_LEAVE_URL is {text!r}; it must start with https:// or http://")
    return text
