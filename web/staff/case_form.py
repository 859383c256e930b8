"""A sheet as the page shows it: each field with its words, its choices and what is wrong with it, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field

from calculator.case.values import Kind
from calculator.errors import CaseError, Translate
from calculator.translation import _, translator
from workbench import labels
from workbench.form import Entries, Field, Group, Part, form, part_at
from workbench.said import choices_of, read_back
from workbench.sheet import Reading, Sheet, usable
from workbench.values import AND, NONE, UNSAID, Slip

#: More choices than this are a list to choose several times from, not boxes.
MOST_BOXES = 12
#: What is wrong with a text, and how to mend it.
SLIPS = {
    Slip.NUMBER: _("This is not a number. Write for example 40, 37.5, or 40–60."),
    Slip.THOUSANDS: _("This can be read in two ways. Write 1200 for a thousand and two hundred, 1.20 for one and a bit."),
    Slip.DATE: _("This is not a day. Write for example 2024-03-31, 2024-03, 2024, or 2024-01 – 2024-03."),
    Slip.DAY_OR_MONTH: _("It is not clear which is the day and which is the month. Write the year first: 2024-03-31."),
    Slip.ORDER: _("The first is after the second. Write the smaller or earlier one first."),
    Slip.CODE: _("This is not one of the choices. Choose again."),
    Slip.TIMES: _("These are no times. Write for example 08:00-12:30, 14-22."),
    Slip.LONG: _("This is too long. Write at most 200 letters; more can stand in the notes."),
    Slip.NOT_BOTH: _("Something is given and it is said that it is not known. Keep one of both."),
}
COUNTED = frozenset({Kind.NUMBER, Kind.AMOUNT, Kind.DATE, Kind.TIMES, Kind.TEXT})


@dataclass(frozen=True)
class FieldView:
    """One field. `control`: text, select, boxes or selects; `choices`: (code, words); `values`: what is chosen; `told`: read back."""

    name: str
    label: str
    control: str
    value: str
    values: list[str]
    choices: list[tuple[str, str]]
    error: str
    told: str
    numeric: bool = False
    #: The list of the page with what is often typed here.
    suggested: str = ""


@dataclass(frozen=True)
class EntryView:
    """One entry of a list: its title, and where it begins."""

    id: str
    title: str
    parts: PartsView


@dataclass(frozen=True)
class BlockView:
    """A group, or a list with its `entries`; `said` is whether all of it is not known."""

    name: str
    label: str
    said: FieldView | None
    parts: PartsView | None = None
    entries: list[EntryView] | None = None
    error: str = ""
    #: The title that one entry more would have.
    next: str = ""


@dataclass(frozen=True)
class PartsView:
    """Parts in their order: those that the chat asks, too, and the rest."""

    first: list[FieldView | BlockView] = field(default_factory=list)
    more: list[FieldView | BlockView] = field(default_factory=list)
    #: Whether something stands in the rest.
    more_filled: bool = False


class FormView:
    """Makes the page's form of one sheet."""

    def __init__(self, sheet: Sheet, reading: Reading, language: str) -> None:
        self._sheet, self._language = sheet, language
        self._law: Translate = translator(language, "law", "web")
        self.errors = errors_of(reading, language)

    def sections(self) -> list[BlockView]:
        """The whole form, in the order in which a person tells it."""
        found = []
        for part in form().parts:
            if isinstance(part, Field):
                # Who claims is the first thing about the person.
                first = self._part(part, part.name)
                continue
            block = self._part(part, part.name)
            assert isinstance(block, BlockView)
            if part.name == "person" and block.parts is not None:
                block.parts.first.insert(0, first)
            found.append(block)
        return found

    def shown(self) -> dict[str, str]:
        """What stands in each field of the page: words where it is typed, codes where it is chosen."""
        return {name: self._shown(text) if self._is_typed(name) else text for name, text in self._sheet.texts.items()}

    def _is_typed(self, name: str) -> bool:
        part = part_at(name)
        return isinstance(part, Field) and part.kind in COUNTED and not choices_of(part, self._language)

    def told(self) -> dict[str, str]:
        """Days and ranges, read back."""
        return {name: told for name, text in self._sheet.texts.items() if (told := self._told(name, text))}

    def _shown(self, text: str) -> str:
        return self._law(labels.UNSAID[text]) if text in UNSAID else text

    def _part(self, part: Part, name: str) -> FieldView | BlockView:
        if isinstance(part, Field):
            return self.field(part, name)
        label, error = self._law(labels.label(part)), self.errors.get(name, "")
        said = self._said(name, isinstance(part, Entries)) if part.unsaid else None
        if isinstance(part, Group):
            return BlockView(name, label, said, self._parts(part, name), None, error)
        title = self._law(labels.entry_title(part))
        entries = [
            EntryView(one, title.format(number=number), self._parts(part.entry, f"{name}.{one}"))
            for number, one in enumerate(self._sheet.of(name), 1)
        ]
        return BlockView(name, label, said, None, entries, error, title.format(number=len(entries) + 1))

    def _parts(self, group: Group, name: str) -> PartsView:
        shown = PartsView()
        first = labels.told_first()
        filled = False
        # A list whose entries are short has nothing to hide, and neither has a sum.
        short = len(group.parts) <= 8
        for part in group.parts:
            own = f"{name}.{part.name.rsplit('.', 1)[-1]}"
            if part.name in labels.SELDOM and own not in self._sheet.texts:
                continue
            beside = shown.first if short or part.name in first else shown.more
            beside.append(self._part(part, own))
            filled = filled or beside is shown.more and self._holds(own)
        return PartsView(shown.first, shown.more, filled)

    def _holds(self, name: str) -> bool:
        """Whether something stands in a field, or within a part."""
        inside = f"{name}."
        return any(key == name or key.startswith(inside) for key in (*self._sheet.texts, *self._sheet.entries))

    def _said(self, name: str, a_list: bool) -> FieldView:
        """Whether all of a group is not known, or a list is known to be empty."""
        choices = [(NONE, self._law(labels.NOTHING))] if a_list else []
        choices += [(code, self._law(words)) for code, words in labels.UNSAID.items()]
        value = self._sheet.texts.get(name, "")
        return FieldView(name, self._law(ALL_OF_IT), "select", value, [value], choices, self.errors.get(name, ""), "")

    def field(self, field: Field, name: str) -> FieldView:
        """One field by its name."""
        value = self._sheet.texts.get(name, "")
        choices = choices_of(field, self._language)
        unsaid = [(code, self._law(words)) for code, words in labels.UNSAID.items()] if field.unsaid else []
        control = "text"
        if field.kind in (Kind.CHOICES, Kind.COUNTRIES):
            control = "boxes" if len(choices) <= MOST_BOXES else "selects"
        elif choices:
            control = "select"
        if control != "text":
            choices += unsaid
        values = value.split(AND) if control in ("boxes", "selects") else [value]
        # What came from elsewhere and is none of our choices is kept and shown.
        choices += [(one, one) for one in values if one and one not in dict(choices)]
        shown = self._shown(value) if control == "text" else value
        numeric = field.kind in (Kind.NUMBER, Kind.AMOUNT)
        label = self._law(labels.label(field))
        suggested = "currencies" if field.kind is Kind.CURRENCY else "unsaid" if field.unsaid else ""
        return FieldView(name, label, control, shown, values, choices, self.errors.get(name, ""), self._told(name, value), numeric, suggested)

    def _told(self, name: str, text: str) -> str:
        return "" if name in self.errors else read_back(name, text, self._language)


#: Beside a group or a list: instead of what is in it.
ALL_OF_IT = _("All of this")


def errors_of(reading: Reading, language: str) -> dict[str, str]:
    """What is wrong, by the name of the field: what cannot be read, and what cannot be; "" = of the case as a whole."""
    web, law = translator(language, "web"), translator(language, "law")
    found = {name: web(SLIPS[slip]) for name, slip in reading.slips.items()}
    for name, error in usable(reading).errors.items():
        found.setdefault(name, _sentence(error, law))
    return found


def _sentence(error: CaseError, law: Translate) -> str:
    return " ".join(error.said(law))


def typed_texts(part: Part, given: list[str], language: str) -> str | list[str]:
    """What a form brought for a part: several values, or one with the words of the language for "not known" as their codes."""
    if isinstance(part, Field) and part.kind in (Kind.CHOICES, Kind.COUNTRIES):
        return given
    text = given[-1] if given else ""
    if isinstance(part, Field) and part.kind in COUNTED:
        law = translator(language, "law")
        return next((code for code, words in labels.UNSAID.items() if text.strip().casefold() == law(words).casefold()), text)
    return text


def place_of_fact(fact: str, reading: Reading) -> str:
    """The field of a fact, or the nearest part of the form where its entry is not there yet."""
    name = reading.places.get(fact)
    while name is None and fact:
        fact = fact.rpartition(".")[0] or fact.partition("[")[0] if "." in fact or "[" in fact else ""
        name = reading.places.get(fact)
    return name or "person"
