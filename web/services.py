"""Everything a request needs, put together once from the settings."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import HTTPConnection

from envelope.secret import SharedSecret
from erasure.wrapping import WrappingKeys
from store.clock import Clock
from store.codes import Codes, Purpose
from store.conversations import ConversationStore
from store.database import connect
from store.deletions import Deletions
from store.keys import read_keys
from store.migrate import upgrade
from store.organisations.cases import Cases
from store.organisations.handing import Handing
from store.organisations.reports import Reports
from store.organisations.second_factors import Identities, Passkeys
from store.organisations.sessions import Sessions
from store.organisations.staff import Staff
from store.organisations.tombstones import Tombstones, TombstonesError
from store.outbox import Outbox
from store.reserve import Reserve
from store.rules.following import Following
from store.rules.releases import Releases
from store.rules.sources import Sources
from store.rules.trials import Trials
from store.sealing import Sealer
from store.settings import Settings
from web.calculating import Calculators
from web.conversations import ConversationService
from web.danger import Contacts
from web.ears import Ears
from web.hand_over_steps import HandOvers
from web.i18n import Words, available_languages, match_language, negotiate_language
from web.memory import ConversationMemory, MemoryDownError
from web.messengers.conversation import Messengers
from web.messengers.delivery import Delivery
from web.messengers.telegram_api import TelegramApi
from web.metrics import MeasuredConversations, Metrics
from web.places import Places
from web.rasa_client import RasaClient
from web.rasa_servers import RasaServers
from web.readiness import Readiness
from web.resume_codes import Resume
from web.rules_in_force import RulesInForce
from web.rules_trials import RulesTrials
from web.staff.oidc_service import OidcService
from web.turns import Turns

logger = logging.getLogger(__name__)
#: The language that was chosen on the pages of staff; browsers send it to those alone.
LANGUAGE_COOKIE = "l"
MIGRATE_AGAIN_SECONDS = 5.0
MAINTAIN_SECONDS, DELETE_AGAIN_SECONDS = 10.0, 2.0


@dataclass(frozen=True)
class Services:
    """The parts of one gateway process."""

    settings: Settings
    languages: tuple[str, ...]
    engine: Engine
    sealer: Sealer
    memory: ConversationMemory
    rasa: RasaServers
    contacts: Contacts
    ears: Ears
    turns: Turns
    conversations: ConversationService
    resume: Resume
    hand_overs: HandOvers
    staff: Staff
    sessions: Sessions
    passkeys: Passkeys
    identities: Identities
    oidc: OidcService | None
    cases: Cases
    handing: Handing
    reports: Reports
    messengers: Messengers
    calculators: Calculators
    releases: Releases
    rules: RulesInForce
    trials: Trials
    rules_trials: RulesTrials
    sources: Sources
    outbox: Outbox
    telegram: Delivery | None
    readiness: Readiness
    metrics: Metrics

    def hashed(self, address: str) -> str:
        """An address as it is counted."""
        return self.sealer.row_key(address)

    def words(self, language: str) -> Words:
        """Words of the `web` catalogue."""
        return Words(self.settings.locales_dir, language)

    def language_of(self, request: HTTPConnection, wanted: str | None = None) -> str:
        """The language a client asks for: by name if we have it, else the one chosen on the pages of staff, else by its Accept-Language
        header."""
        chosen = match_language(wanted, self.languages) or match_language(request.cookies.get(LANGUAGE_COOKIE), self.languages)
        return chosen or negotiate_language(request.headers.get("accept-language"), self.languages)

    async def maintain(self) -> None:
        """Migrate the database, then purge it every minute and delete what could not be deleted before, until cancelled.

        A database that is down at the start must not keep the gateway down: danger is answered without it.
        """
        while True:
            try:
                await asyncio.to_thread(upgrade, self.settings.database_url)
                break
            except SQLAlchemyError as error:
                logger.warning("the database is not ready, trying again: %s", type(error).__name__)
                await asyncio.sleep(MIGRATE_AGAIN_SECONDS)
        while True:
            try:
                if self.memory.waits:
                    await self.memory.delete_again()
                await self.memory.purge()
            except MemoryDownError:
                logger.warning("expired conversations were not purged")
            try:
                await asyncio.to_thread(self._end_cases)
            except (SQLAlchemyError, TombstonesError) as error:
                logger.warning("cases whose time is over, or that are gone, were not deleted: %s", type(error).__name__)
            await asyncio.sleep(DELETE_AGAIN_SECONDS if self.memory.waits else MAINTAIN_SECONDS)

    def _end_cases(self) -> None:
        self.cases.delete_over()
        self.handing.delete_over()
        # What is gone stays gone, also when an old copy of the database was put in its place.
        self.cases.delete_again()
        self.staff.leave_again()

    async def deliver(self) -> None:
        """Send what a messenger has not taken yet, until cancelled."""
        if self.telegram is not None:
            await self.telegram.run()

    async def close(self) -> None:
        """Close every connection."""
        await self.readiness.close()
        await self.calculators.close()
        await self.rasa.close()
        await self.turns.close()
        if self.telegram is not None:
            await self.telegram.close()
        if self.oidc is not None:
            await self.oidc.close()
        self.memory.close()
        self.engine.dispose()


def build_services(settings: Settings) -> Services:
    """Put the parts together; makes the key files at first need."""
    engine = connect(settings.database_url)
    keys = read_keys(settings.conversation_key_file)
    sealer = Sealer(*keys)
    secret = SharedSecret(settings.channel_secret_file, read_keys)
    places = Places(settings.idle_minutes, sealer.row_key)
    deletions = Deletions(settings.data_dir / "deletions")
    reserve = Reserve(settings.data_dir / "reserve")
    clock = Clock()
    wrapping = WrappingKeys(settings.wrapping_keys_file)
    store = ConversationStore(engine, sealer, wrapping, settings.idle_minutes, reserve, deletions, clock)
    memory = ConversationMemory(store, places, settings.database_seconds)
    rasa = RasaServers([RasaClient(rasa_url, actions_url, secret) for rasa_url, actions_url in settings.dialogue_urls])
    contacts = Contacts(settings.contacts_file, settings.locales_dir, settings.default_country)
    turns = Turns(settings, sealer, memory, rasa, contacts)
    ears = Ears(settings.letters_file)
    metrics = Metrics()
    conversations = MeasuredConversations(metrics, settings, sealer, memory, rasa, contacts, turns, ears)
    messengers = Messengers(settings, sealer, conversations, contacts)
    tombstones = Tombstones(settings.tombstones_file)
    outbox = Outbox(engine, wrapping, deletions, clock)
    cases = Cases(engine, now_in_utc, tombstones)
    releases = Releases(engine, now_in_utc)
    rules = RulesInForce(Following(releases, settings.rules_folder), settings.contacts_file)
    trials = Trials(engine, releases, now_in_utc)
    return Services(
        settings=settings,
        languages=available_languages(settings.locales_dir),
        engine=engine,
        sealer=sealer,
        memory=memory,
        rasa=rasa,
        contacts=contacts,
        ears=ears,
        turns=turns,
        conversations=conversations,
        resume=Resume(Codes(engine, sealer, clock), memory, settings.resume_hours),
        hand_overs=HandOvers(Codes(engine, sealer, clock, Purpose.HAND_OVER), memory),
        staff=Staff(engine, sealer, now_in_utc, tombstones),
        sessions=Sessions(engine, sealer, keys[0], now_in_utc, tombstones),
        passkeys=Passkeys(engine, sealer, now_in_utc, tombstones),
        identities=Identities(engine, sealer, now_in_utc, tombstones),
        oidc=OidcService(settings.oidc) if settings.oidc is not None else None,
        cases=cases,
        handing=Handing(engine, now_in_utc, cases),
        reports=Reports(engine, now_in_utc),
        messengers=messengers,
        calculators=Calculators(settings),
        releases=releases,
        rules=rules,
        trials=trials,
        rules_trials=RulesTrials(trials, rules),
        sources=Sources(engine, now_in_utc),
        outbox=outbox,
        telegram=Delivery(messengers, TelegramApi(settings.telegram), outbox, memory) if settings.telegram is not None else None,
        readiness=Readiness(settings, engine, memory, rasa, contacts, ears),
        metrics=metrics,
    )


def now_in_utc() -> datetime:
    """The moment by the real clock: what staff keep and sign ends by it, whatever day is played."""
    return datetime.now(UTC)


def services_of(request: HTTPConnection) -> Services:
    """The services of the application that serves this request."""
    services = request.app.state.services
    assert isinstance(services, Services)
    return services
