"""The installation's settings, read once from the environment into one frozen value."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from erasure.wrapping import FILE_NAME as WRAPPING_KEYS

REPOSITORY = Path(__file__).resolve().parents[1]
METRICS_PORT = 9464
DEFAULT_RASA_URL = "http://127.0.0.1:5005"
DEFAULT_ACTIONS_URL = "http://127.0.0.1:5055/webhook"
DEFAULT_LEAVE_URL = "https://www.bbc.com/weather"

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
TELEGRAM_TOKEN = re.compile(r"\d+:[A-Za-z0-9_\-]+")
TELEGRAM_SECRET = re.compile(r"[A-Za-z0-9_\-]{16,256}")
TWILIO_ACCOUNT = re.compile(r"AC[0-9a-f]{32}")
TELEPHONE = re.compile(r"\+?\d(?:[ \-]?\d)+")
# Plain http only on the machine itself, for trying it out.
ORIGIN = re.compile(r"https://[a-z0-9.\-]+(?::\d+)?|http://(?:localhost|127\.0\.0\.1)(?::\d+)?")
ISSUER = re.compile(rf"(?:{ORIGIN.pattern})(?:/[^\s?#]*)?")


class SettingsError(ValueError):
    """A setting has a value that cannot be used; the text names the variable and how to mend it."""


@dataclass(frozen=True)
class Brand:
    """The organisation a person meets: its name, colour (#rrggbb) and own helpline, which is shown before others."""

    name: str | None = None
    colour: str | None = None
    hotline: str | None = None
    hotline_name: str | None = None
    hotline_hours: str | None = None


@dataclass(frozen=True)
class TelegramSettings:
    """The bot's token, the secret Telegram sends with every update, and the address of the Bot API."""

    token: str = field(repr=False)
    secret: str = field(repr=False)
    api: str


@dataclass(frozen=True)
class TwilioSettings:
    """The account, the token it signs with, and the address it calls, letter for letter as Twilio has it."""

    account_sid: str
    auth_token: str = field(repr=False)
    address: str


@dataclass(frozen=True)
class OidcSettings:
    """Another service through which staff say who they are (OpenID Connect): its address, this installation there, and what pages call it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str


@dataclass(frozen=True)
class Settings:
    """Everything an operator may choose. Times are in the unit the name says; URLs have no final slash.

    `locales_dir` is no environment variable: the catalogues belong to the code, tests may point elsewhere.
    """

    data_dir: Path
    database_url: str
    #: Addresses of Rasa servers, each with the webhook of its action server; the first that answers is used.
    dialogue_urls: tuple[tuple[str, str], ...]
    redis_url: str | None
    default_country: str | None
    idle_minutes: int
    contacts_file: Path
    #: The look for danger by letters, which a training writes beside the model.
    letters_file: Path
    #: What wraps the keys of conversations; several machines share it.
    wrapping_keys_file: Path
    #: None: the weather of the country (web/leave.yaml).
    leave_url: str | None
    messages_per_minute: int = 30
    #: Port of 127.0.0.1 at which Prometheus finds the metrics; None: nowhere.
    metrics_port: int | None = None
    #: How long the database may take before a conversation goes on without it.
    database_seconds: int = 1
    #: Megabytes that must be free in the data folder.
    least_free_mb: int = 100
    brand: Brand = field(default_factory=Brand)
    #: Websites that may show the page inside their own, as origins ("https://help.example").
    frame_origins: tuple[str, ...] = ()
    #: How long somebody can come back with the words of a resume code.
    resume_hours: int = 24
    #: The page as people reach it, for messages that offer it.
    public_url: str | None = None
    #: Language (BCP 47) of a messenger that does not say which one the phone speaks.
    default_language: str | None = None
    #: Processes that work out cases sent to the API, how long one case may take, and how many one address may send.
    calculators: int = 2
    calculation_seconds: int = 10
    calculations_per_minute: int = 60
    #: A messenger without settings is off.
    telegram: TelegramSettings | None = None
    twilio: TwilioSettings | None = None
    #: None: nobody signs in through another service.
    oidc: OidcSettings | None = None
    locales_dir: Path = field(default=REPOSITORY / "locales")
    #: Key files, and the file of what was deleted, that lie elsewhere than in the data folder.
    own_conversation_key_file: Path | None = None
    own_channel_secret_file: Path | None = None
    own_tombstones_file: Path | None = None
    #: Whether Rasa and the action server want the secret also from who asks from their own machine, for everything.
    secret_always: bool = False

    @property
    def default_leave_url(self) -> str:
        """Where leaving leads while the country is not known."""
        return DEFAULT_LEAVE_URL

    @property
    def conversation_key_file(self) -> Path:
        """Keys that encrypt conversations and hide their ids (`store.keys.read_keys`)."""
        return self.own_conversation_key_file or self.data_dir / "conversation.key"

    @property
    def channel_secret_file(self) -> Path:
        """Secret that gateway, Rasa and action server share (`envelope.secret`)."""
        return self.own_channel_secret_file or self.data_dir / "channel.secret"

    @property
    def rules_folder(self) -> Path:
        """Releases of the rules on this machine, and which of them is in force (`calculator.packs.released`)."""
        return self.data_dir / "rules"

    @property
    def tombstones_file(self) -> Path:
        """Which cases were deleted and which members have left (`store.organisations.tombstones`)."""
        return self.own_tombstones_file or self.data_dir / "tombstones"


def current_moment() -> datetime:
    """Now, in UTC; on the day of REDRESS_TODAY where that is set."""
    now = datetime.now(UTC)
    return now if current_day() == date.today() else datetime.combine(current_day(), now.time(), UTC)


def current_day(environment: Mapping[str, str] | None = None) -> date:
    """The day on which everything is judged: REDRESS_TODAY (YYYY-MM-DD) for tests and demonstrations, else today.

    Raises SettingsError when it is no day.
    """
    fixed = (os.environ if environment is None else environment).get("REDRESS_TODAY") or ""
    if not fixed:
        return date.today()
    try:
        return date.fromisoformat(fixed)
    except ValueError:
        raise SettingsError(f"REDRESS_TODAY is no day: {fixed!r}. Write it as 2026-11-24, or leave it out.") from None


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read `REDRESS_*` from `environment` (default: the process's). Raises SettingsError on a bad value."""
    env = os.environ if environment is None else environment
    data_dir = Path(env.get("REDRESS_DATA_DIR") or REPOSITORY / "var").expanduser().resolve()
    return Settings(
        data_dir=data_dir,
        database_url=env.get("REDRESS_DATABASE_URL") or f"sqlite:///{data_dir / 'redress.db'}",
        dialogue_urls=_pairs(env.get("REDRESS_RASA_URL") or DEFAULT_RASA_URL, env.get("REDRESS_ACTIONS_URL") or DEFAULT_ACTIONS_URL),
        redis_url=env.get("REDRESS_REDIS_URL") or None,
        default_country=(env.get("REDRESS_DEFAULT_COUNTRY") or "").strip().upper() or None,
        idle_minutes=_positive("REDRESS_IDLE_MINUTES", env.get("REDRESS_IDLE_MINUTES") or "60"),
        messages_per_minute=_positive("REDRESS_MESSAGES_PER_MINUTE", env.get("REDRESS_MESSAGES_PER_MINUTE") or "30"),
        metrics_port=_metrics_port((env.get("REDRESS_METRICS") or "").strip()),
        database_seconds=_positive("REDRESS_DATABASE_SECONDS", env.get("REDRESS_DATABASE_SECONDS") or "1", most=5),
        least_free_mb=_positive("REDRESS_LEAST_FREE_MB", env.get("REDRESS_LEAST_FREE_MB") or "100"),
        contacts_file=Path(env.get("REDRESS_CONTACTS_FILE") or data_dir / "contacts.json"),
        letters_file=Path(env.get("REDRESS_LETTERS_FILE") or REPOSITORY / "models" / "danger.letters"),
        wrapping_keys_file=Path(env.get("REDRESS_WRAPPING_KEYS_FILE") or data_dir / WRAPPING_KEYS),
        leave_url=_web_address(env["REDRESS_LEAVE_URL"]) if env.get("REDRESS_LEAVE_URL") else None,
        brand=_brand(env),
        frame_origins=_origins(env.get("REDRESS_FRAME_ORIGINS") or ""),
        resume_hours=_positive("REDRESS_RESUME_HOURS", env.get("REDRESS_RESUME_HOURS") or "24", most=72),
        public_url=_public_url((env.get("REDRESS_PUBLIC_URL") or "").strip().rstrip("/")),
        default_language=(env.get("REDRESS_DEFAULT_LANGUAGE") or "").strip() or None,
        calculators=_positive("REDRESS_CALCULATORS", env.get("REDRESS_CALCULATORS") or "2", most=64),
        calculation_seconds=_positive("REDRESS_CALCULATION_SECONDS", env.get("REDRESS_CALCULATION_SECONDS") or "10", most=600),
        calculations_per_minute=_positive("REDRESS_CALCULATIONS_PER_MINUTE", env.get("REDRESS_CALCULATIONS_PER_MINUTE") or "60"),
        telegram=_telegram(env),
        twilio=_twilio(env),
        oidc=_oidc(env),
        own_conversation_key_file=_path(env.get("REDRESS_CONVERSATION_KEY_FILE")),
        own_channel_secret_file=_path(env.get("REDRESS_CHANNEL_SECRET_FILE")),
        own_tombstones_file=_path(env.get("REDRESS_TOMBSTONES_FILE")),
        secret_always=env.get("REDRESS_SECRET_ALWAYS") == "1",
    )


def _pairs(rasa: str, actions: str) -> tuple[tuple[str, str], ...]:
    """Addresses of Rasa servers, each with that of its action server; one action server may serve all of them."""
    first, second = ([part.strip().rstrip("/") for part in text.split(",") if part.strip()] for text in (rasa, actions))
    if len(second) == 1:
        second *= len(first)
    if not first or len(first) != len(second):
        raise SettingsError(
            f"REDRESS_RASA_URL has {len(first)} addresses and REDRESS_ACTIONS_URL has {len(second)}; write as many action servers as Rasa "
            "servers, in the same order, or one for all, with commas between them"
        )
    return tuple(zip(first, second, strict=True))


def _path(text: str | None) -> Path | None:
    return Path(text).expanduser().absolute() if text else None


def _positive(name: str, text: str, most: int | None = None) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1 or (most is not None and number > most):
        limit = "at least 1" if most is None else f"from 1 to {most}"
        raise SettingsError(f"{name} is {text!r}; it must be a whole number, {limit}")
    return number


def _metrics_port(text: str) -> int | None:
    if text in ("", "0"):
        return None
    if text == "1":
        return METRICS_PORT
    if not text.isdecimal() or not 1024 <= int(text) <= 65_535:
        raise SettingsError(f"REDRESS_METRICS is {text!r}; write 1 for port {METRICS_PORT} of this machine alone, another port from 1024, or 0")
    return int(text)


def _brand(env: Mapping[str, str]) -> Brand:
    def given(name: str) -> str | None:
        return (env.get(f"REDRESS_BRAND_{name}") or "").strip() or None

    colour, hotline = given("COLOUR"), given("HOTLINE")
    if colour and not COLOUR.fullmatch(colour):
        raise SettingsError(f"REDRESS_BRAND_COLOUR is {colour!r}; it must be # and six digits or letters a to f, like #0b4f8a")
    if hotline and not TELEPHONE.fullmatch(hotline):
        raise SettingsError(f"REDRESS_BRAND_HOTLINE is {hotline!r}; it must be a telephone number, like +49 30 123456")
    if hotline and not given("HOTLINE_NAME"):
        raise SettingsError("REDRESS_BRAND_HOTLINE has no name; set REDRESS_BRAND_HOTLINE_NAME to who answers there")
    return Brand(given("NAME"), colour, hotline, given("HOTLINE_NAME"), given("HOTLINE_HOURS"))


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(text.replace(",", " ").split())
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            raise SettingsError(f"REDRESS_FRAME_ORIGINS holds {origin!r}; each must be an origin like https://help.example, without a path")
    return origins


def _web_address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise SettingsError(f"REDRESS_LEAVE_URL is {text!r}; it must start with https:// or http://")
    return text


def _public_url(text: str) -> str | None:
    if text and not text.startswith(("https://", "http://")):
        raise SettingsError(f"REDRESS_PUBLIC_URL is {text!r}; it must start with https:// or http://")
    return text or None


def _telegram(env: Mapping[str, str]) -> TelegramSettings | None:
    found = _all_or_none(env, "REDRESS_TELEGRAM_TOKEN", "REDRESS_TELEGRAM_SECRET")
    if found is None:
        return None
    token, secret = found
    # Neither value is shown: what is printed at the start ends up in logs.
    if not TELEGRAM_TOKEN.fullmatch(token):
        raise SettingsError("REDRESS_TELEGRAM_TOKEN is not a bot's token; copy it from BotFather, digits, a colon and letters")
    if not TELEGRAM_SECRET.fullmatch(secret):
        raise SettingsError("REDRESS_TELEGRAM_SECRET must have 16 to 256 characters of A-Z, a-z, 0-9, _ and -")
    return TelegramSettings(token, secret, (env.get("REDRESS_TELEGRAM_API") or "https://api.telegram.org").rstrip("/"))


def _twilio(env: Mapping[str, str]) -> TwilioSettings | None:
    found = _all_or_none(env, "REDRESS_TWILIO_ACCOUNT_SID", "REDRESS_TWILIO_AUTH_TOKEN", "REDRESS_TWILIO_ADDRESS")
    if found is None:
        return None
    account_sid, auth_token, address = found
    if not TWILIO_ACCOUNT.fullmatch(account_sid):
        raise SettingsError("REDRESS_TWILIO_ACCOUNT_SID is no account; it is AC and 32 digits or letters a to f")
    if not address.startswith(("https://", "http://")):
        raise SettingsError(f"REDRESS_TWILIO_ADDRESS is {address!r}; it must start with https:// or http://")
    return TwilioSettings(account_sid, auth_token, address)


def _oidc(env: Mapping[str, str]) -> OidcSettings | None:
    secret = "REDRESS_OIDC_CLIENT_SECRET"
    file = env.get(f"{secret}_FILE") or ""
    if file:
        if env.get(secret):
            raise SettingsError(f"{secret} and {secret}_FILE are both set; leave one of them out")
        try:
            env = {**env, secret: Path(file).expanduser().read_text("utf-8")}
        except (OSError, UnicodeDecodeError):
            raise SettingsError(f"{secret}_FILE cannot be read; check its name and who may read it") from None
        if not env[secret].strip():
            raise SettingsError(f"{secret}_FILE is empty; write the secret into it")
    found = _all_or_none(
        env, "REDRESS_OIDC_ISSUER", "REDRESS_OIDC_CLIENT_ID", secret, "REDRESS_OIDC_NAME", off="sign-in through another service"
    )
    if found is None:
        return None
    issuer, client_id, client_secret, name = found
    if not ISSUER.fullmatch(issuer):
        raise SettingsError(f"REDRESS_OIDC_ISSUER is {issuer!r}; it must start with https://, letter for letter as the service names itself")
    return OidcSettings(issuer, client_id, client_secret, name)


def _all_or_none(env: Mapping[str, str], *names: str, off: str = "the messenger") -> list[str] | None:
    """The values of settings that only work together; None if none is set. Half of them is an error."""
    values = [(env.get(name) or "").strip() for name in names]
    missing = [name for name, value in zip(names, values, strict=True) if not value]
    if len(missing) == len(names):
        return None
    if missing:
        there = next(name for name in names if name not in missing)
        raise SettingsError(f"{there} is set, but {' and '.join(missing)} is not; set all of them, or none to leave {off} off")
    return values
