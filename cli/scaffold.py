"""`redress pack new CC`: the files of a pack, each with guidance, so that a lawyer starts from something that checks."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from babel import Locale
from babel.numbers import get_territory_currencies

from calculator.errors import PackError
from calculator.packs.load import PACKS

TEMPLATE = Path(__file__).parent / "pack_template"


def new_pack(code: str, root: Path = PACKS) -> list[Path]:
    """Write the pack's files and return them. Raises PackError for a code that is no country, or a pack that exists."""
    names = Locale("en").territories
    # A code without money of its own is no country: ZZ, EU, UN.
    if not re.fullmatch("[A-Z]{2}", code) or code not in names or not get_territory_currencies(code):
        raise PackError(code, "", "This is not the code of a country: {found}.", "Use two capital letters (ISO 3166), such as PT.", found=code)
    folder = root / code
    if folder.exists():
        raise PackError(str(folder), "", "This pack exists already.", "Edit its files, or choose another code.")
    currencies = get_territory_currencies(code)
    values = {"CODE": code, "COUNTRY": names[code], "CURRENCY": currencies[-1], "TODAY": date.today().isoformat()}
    written = []
    for source in sorted(TEMPLATE.rglob("*.yaml")):
        target = folder / source.relative_to(TEMPLATE)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8")
        for name, value in values.items():
            text = text.replace(f"@{name}@", value)
        target.write_text(text, encoding="utf-8")
        written.append(target)
    return sorted(written, key=lambda p: (p.name != "jurisdiction.yaml", p))
