"""Cases to try files with: those of the packs, and any that somebody could type."""

from __future__ import annotations

from hypothesis import strategies as st

from calculator.api import default_rules
from calculator.case.values import Kind
from workbench.exchange.paths import flat
from workbench.form import ADULT, EACH, NAME, NOTES, Field, form, walk
from workbench.record import Record
from workbench.sheet import EMPTY, Sheet, merged, sheet_of, with_entry
from workbench.values import UNSAID

LEAVES = [part for part in walk(form()) if isinstance(part, Field)]
#: What spreadsheets take for a formula, what they take for a separator, and what goes from right to left.
STRANGE = st.text(st.sampled_from("=+-@'\t\r\n;,\"|<&a1 é你عש\u200f\u202e\u2028＝😀\0") | st.characters(codec="utf-8"), min_size=1, max_size=30)


def examples(code: str) -> list[Record]:
    """Every example of a pack as a case with a name."""
    found = []
    for example in default_rules().packs[code].examples:
        sheet = sheet_of({"version": 1, **example.case})
        found.append(Record(Sheet({**sheet.texts, NAME: example.id}, sheet.entries)))
    return found


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """A case as the form keeps it: any text in any field of any entries, entries with nothing in them too."""
    sheet, typed = EMPTY, {NAME: draw(STRANGE), NOTES: draw(STRANGE), ADULT: draw(STRANGE)}
    for part in draw(st.lists(st.sampled_from(LEAVES), max_size=10)):
        name = part.name
        while EACH in name.split("."):
            owner = name.split(f".{EACH}")[0]
            ids = sheet.of(owner)
            if not ids or draw(st.booleans()):
                sheet, one = with_entry(sheet, owner)
            else:
                one = draw(st.sampled_from(ids))
            name = name.replace(f"{owner}.{EACH}", f"{owner}.{one}", 1)
        known = {Kind.DATE: ["2024-03-31", "2024", "2024-01 – 2024-03"], Kind.NUMBER: ["40", "40–60"]}.get(part.kind, ["yes", "DE", "EUR"])
        typed[name] = draw(STRANGE | st.sampled_from([*known, *part.codes, *UNSAID]))
    for name in draw(st.lists(st.sampled_from(["losses", "person.convictions", "work", "harm.pain_days"]), unique=True)):
        typed[name] = draw(st.sampled_from(UNSAID))
    return merged(sheet, {}, typed).sheet


def as_taken(sheet: Sheet) -> dict[str, str]:
    """What a case is apart from the ids of its entries, which are given anew."""
    return flat(sheet)
