"""The table of what is said in danger, as Rasa reads it (danger/table.py holds the rule)."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from bot.catalogues import translate
from bot.settings import read_settings
from danger.table import Table, read_table


def load_contacts(path: Path) -> Table:
    """The table in `path`; a missing or broken file is logged once and gives sentences without local numbers."""
    return Table(functools.partial(translate, "danger"), read_table(path) or {})


@functools.cache
def contacts() -> Table:
    """The table of this installation, read once."""
    return load_contacts(read_settings().contacts_file)


def country_of(metadata: dict[str, Any]) -> str:
    """The country a message came with, else the installation's own, else ""; regions are cut off."""
    country = metadata.get("country")
    return str(country).split("-")[0].upper() if country else read_settings().default_country
