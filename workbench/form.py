"""The form of a case file, made from its model: every field of `contract.md` has its place, and nothing else does.

Names of fields are paths with the id of each entry in the place of its number: `work.3fa9.paid.07bc.amount`. Numbers would move when a
colleague takes an entry away; ids do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from calculator.case.model import CaseFile
from calculator.case.values import Kind, OneOf, Unsaid

#: Fields that are no facts: the version of the file, and the day of the estimate, which is today.
NO_FACTS = ("version", "evaluated_on")
#: What stands in the place of a number in the general name of a field.
EACH = "*"
ENTRY_ID = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Field:
    """One value. `name` is general: `work.*.paid.*.amount`; `codes` are those of a closed list; `unsaid`: it may be unknown or declined."""

    name: str
    kind: Kind
    codes: tuple[str, ...] = ()
    unsaid: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together; with `unsaid` all of it may be unknown or declined at once."""

    name: str
    parts: tuple[Part, ...] = field(repr=False)
    unsaid: bool = False


@dataclass(frozen=True, slots=True)
class Entries:
    """A list of groups; with `unsaid` it may be unknown or declined, and it may be known to be empty."""

    name: str
    entry: Group = field(repr=False)
    unsaid: bool = True


Part = Field | Group | Entries

#: What is kept beside the facts: a pseudonym, notes, and in which role an adult helps a child. No rule reads them.
NAME, NOTES, ADULT = "about.name", "about.notes", "about.adult"
_ABOUT = Group("about", tuple(Field(name, Kind.TEXT) for name in (NAME, NOTES, ADULT)))


@cache
def form() -> Group:
    """The whole form."""
    return _group("", CaseFile, unsaid=False)


@cache
def parts() -> dict[str, Part]:
    """Every part by its general name, those beside the facts too."""
    return {part.name: part for whole in (form(), _ABOUT) for part in walk(whole)}


def walk(part: Part) -> Iterator[Part]:
    """A part and all within it, from the outside in."""
    yield part
    if isinstance(part, Entries):
        yield from walk(part.entry)
    elif isinstance(part, Group):
        for one in part.parts:
            yield from walk(one)


def general(name: str) -> str:
    """The general name of a field: `work.3fa91c20.end` -> `work.*.end`."""
    return ".".join(EACH if ENTRY_ID.fullmatch(step) else step for step in name.split("."))


def part_at(name: str) -> Part | None:
    """What a name stands for; None when there is no such field."""
    return parts().get(general(name))


def path_of(name: str) -> str:
    """The general path in the case file, as the vocabulary writes it: `work.*.paid.*.amount` -> `work[].paid[].amount`."""
    return name.replace(f".{EACH}", "[]")


def _group(name: str, model: type[BaseModel], unsaid: bool) -> Group:
    hints = get_type_hints(model, include_extras=True)
    found = []
    for key, about in model.model_fields.items():
        if name or key not in NO_FACTS:
            alias = about.alias or key
            found.append(_part(f"{name}.{alias}" if name else alias, hints[key]))
    return Group(name, tuple(found), unsaid)


def _part(name: str, hint: Any) -> Part:
    choices = _choices(hint)
    unsaid = Unsaid in choices
    kinds = [one for one in choices if one not in (Unsaid, type(None), bool)]
    # Where a sum may stand with its currency or without one, the form has the currency.
    hint = next((one for one in kinds if isinstance(one, type) and issubclass(one, BaseModel)), kinds[0])
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return _group(name, hint, unsaid)
    if bool in choices:
        return Field(name, Kind.YES_NO)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is list:
        inner = arguments[0]
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return Entries(name, _group(f"{name}.{EACH}", inner, unsaid=False), unsaid)
        one = _part(name, inner)
        assert isinstance(one, Field)
        many = {Kind.CHOICE: Kind.CHOICES, Kind.COUNTRY: Kind.COUNTRIES}
        return Field(name, many[one.kind], one.codes, unsaid)
    if origin is dict:
        days = get_args(arguments[0])
        return Group(name, tuple(Field(f"{name}.{day}", Kind.TIMES, unsaid=False) for day in days), unsaid)
    if origin is Literal:
        return Field(name, Kind.CHOICE, tuple(map(str, arguments)), unsaid=False)
    if hint is str:
        return Field(name, Kind.CHOICE, unsaid=False)
    marks = arguments[1:] if origin is Annotated else ()
    codes = next((mark.codes for mark in marks if isinstance(mark, OneOf)), ())
    if codes:
        return Field(name, Kind.CHOICE, codes)
    kind = next(mark for mark in marks if isinstance(mark, Kind))
    # A money's currency is said or it is the State's own.
    return Field(name, kind, unsaid=kind is not Kind.CURRENCY and (unsaid or arguments[0] is Any))


def _choices(hint: Any) -> list[Any]:
    """The alternatives of a type."""
    return list(get_args(hint)) if get_origin(hint) in (Union, UnionType) else [hint]
