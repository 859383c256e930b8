"""The table of what is said in danger, as Rasa reads it (danger/table.py holds the rule)."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from bot.catalogues import translate
from bot.settings import read_settings
from danger.table import Table, TableFile


def contacts_in(path: Path) -> TableFile:
    """The table in `path`; a missing or broken file is logged once and gives sentences without local numbers."""
    return TableFile(path, functools.partial(translate, "danger"))


@functools.cache
def _own() -> TableFile:
    return contacts_in(read_settings().contacts_file)


def contacts() -> Table:
    """The table of this installation, as it is now."""
    return _own().now()


def country_of(metadata: dict[str, Any]) -> str:
    """The country a message came with, else the installation's own, else ""; regions are cut off."""
    country = metadata.get("country")
    return str(country).split("-")[0].upper() if country else read_settings().default_country
