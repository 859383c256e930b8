"""Which rules the gateway uses: a release is taken up within seconds of its moment, by every process of this machine, without a restart."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from calculator.api import write_contacts
from calculator.errors import PackError
from calculator.packs.current import current_rules, put_in_force
from calculator.packs.load import Rules
from calculator.packs.released import Pointer, write_release
from store.rules.following import Following
from store.rules.releases import ReleaseError, checksum_of_release

logger = logging.getLogger(__name__)
#: Between two looks: with the time that loading takes, a release is taken up within five seconds.
LOOK_AGAIN_SECONDS = 2.0


class RulesInForce:
    """Follows the releases of the database."""

    def __init__(self, following: Following, contacts_file: Path) -> None:
        self._following, self._contacts_file = following, contacts_file

    @property
    def folder(self) -> Path:
        return self._following.folder

    @property
    def trouble(self) -> tuple[Pointer, PackError] | None:
        """The release that is in force and that this version cannot read, and why."""
        return self._following.trouble

    async def follow(self) -> None:
        """Take up what comes into force, until cancelled. Nothing that fails ends it: the rules before stand."""
        await self._take_up(await asyncio.to_thread(self._following.at_start))
        while True:
            try:
                await self._take_up(await asyncio.to_thread(self._following.look))
            except (SQLAlchemyError, OSError, ReleaseError) as error:
                # The table may not be there yet at the first start.
                logger.warning("releases of the rules cannot be read, the ones before stand: %s", type(error).__name__)
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def _take_up(self, rules: Rules | None) -> None:
        if rules is None:
            return
        before = current_rules()
        put_in_force(rules)
        logger.info("rules in force: %s", rules.release)
        if rules.packs is not before.packs:
            # Numbers for danger are read from a file, by servers that know no packs.
            try:
                await asyncio.to_thread(write_contacts, self._contacts_file)
            except OSError as error:
                logger.error("contacts.json could not be written: %s", type(error).__name__)

    def drafted(self, files: Mapping[str, bytes]) -> Pointer:
        """Files that are no release yet, put where a calculation worker can try them. Raises OSError."""
        pointer = Pointer("draft", checksum_of_release(files))
        write_release(self.folder, pointer, files)
        return pointer

    def kept(self, pointer: Pointer) -> Pointer:
        """See that a release lies on this machine, for a calculation worker. Raises sqlalchemy.exc.SQLAlchemyError, OSError, ReleaseError."""
        return self._following.kept(pointer)
