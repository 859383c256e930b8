"""Everything a request needs, put together once from the settings."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import HTTPConnection

from store.conversations import PURGE_EVERY_SECONDS, ConversationStore
from store.database import connect
from store.keys import read_or_make_key
from store.migrate import upgrade
from store.resume import ResumeCodes
from store.sealing import Sealer
from store.settings import Settings
from web.calculating import Calculators
from web.conversations import ConversationService
from web.danger import Contacts
from web.ears import Ears
from web.i18n import Words, available_languages, match_language, negotiate_language
from web.memory import ConversationMemory, MemoryDownError
from web.messengers.conversation import Messengers
from web.messengers.telegram_api import TelegramApi
from web.places import Places
from web.rasa_client import RasaClient
from web.resume_codes import Resume
from web.turns import Turns
from web.wipes import WipeQueue

logger = logging.getLogger(__name__)
MIGRATE_AGAIN_SECONDS = 5.0


@dataclass(frozen=True)
class Services:
    """The parts of one gateway process."""

    settings: Settings
    languages: tuple[str, ...]
    engine: Engine
    memory: ConversationMemory
    rasa: RasaClient
    contacts: Contacts
    ears: Ears
    turns: Turns
    wipes: WipeQueue
    conversations: ConversationService
    resume: Resume
    messengers: Messengers
    calculators: Calculators
    telegram: TelegramApi | None

    def words(self, language: str) -> Words:
        """Words of the `web` catalogue."""
        return Words(self.settings.locales_dir, language)

    def language_of(self, request: HTTPConnection, wanted: str | None = None) -> str:
        """The language a client asks for: by name if we have it, else by its Accept-Language header."""
        return match_language(wanted, self.languages) or negotiate_language(
            request.headers.get("accept-language"), self.languages
        )

    async def maintain(self) -> None:
        """Migrate the database, then purge it every minute, until cancelled.

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
                await self.memory.purge()
            except MemoryDownError:
                logger.warning("expired conversations were not purged")
            await asyncio.sleep(PURGE_EVERY_SECONDS)

    async def close(self) -> None:
        """Close every connection."""
        await self.calculators.close()
        await self.rasa.close()
        await self.turns.close()
        await self.messengers.close()
        if self.telegram is not None:
            await self.telegram.close()
        self.memory.close()
        self.engine.dispose()


def build_services(settings: Settings) -> Services:
    """Put the parts together; makes the key files at first need."""
    engine = connect(settings.database_url)
    sealer = Sealer(read_or_make_key(settings.conversation_key_file))
    secret = read_or_make_key(settings.channel_secret_file).decode("ascii")
    places = Places(settings.idle_minutes, sealer.row_key)
    memory = ConversationMemory(ConversationStore(engine, sealer, settings.idle_minutes), places)
    rasa = RasaClient(settings.rasa_url, settings.actions_url, secret)
    contacts = Contacts(settings.contacts_file, settings.locales_dir, settings.default_country)
    wipes = WipeQueue(rasa, settings.idle_minutes)
    turns = Turns(settings, sealer, memory, rasa, contacts, wipes)
    ears = Ears(settings.letters_file)
    conversations = ConversationService(settings, sealer, memory, rasa, contacts, turns, wipes, ears)
    return Services(
        settings=settings,
        languages=available_languages(settings.locales_dir),
        engine=engine,
        memory=memory,
        rasa=rasa,
        contacts=contacts,
        ears=ears,
        turns=turns,
        wipes=wipes,
        conversations=conversations,
        resume=Resume(ResumeCodes(engine, sealer), memory, rasa, settings.resume_hours),
        messengers=Messengers(settings, sealer, conversations, contacts),
        calculators=Calculators(settings),
        telegram=TelegramApi(settings.telegram) if settings.telegram is not None else None,
    )


def services_of(request: HTTPConnection) -> Services:
    """The services of the application that serves this request."""
    services = request.app.state.services
    assert isinstance(services, Services)
    return services
