"""Offices' own forms as a pack says them (`forms.yaml`): field by field what to write from a case.

Where there is no form, or its fields were not found, the list is what the law says an application must hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from pydantic import BaseModel, Field, model_validator

from calculator import vocabulary
from calculator.case.model import CaseFile
from calculator.engine.language.faults import Faults
from calculator.errors import PackError
from calculator.packs.model import Part, Source, Text
from calculator.packs.reading import sources_known, words_known

#: What a field may hold from the estimate of its way to money, beside facts of the case: its sum, each loss with its sum, the provisions it
#: rests on, the papers for it, what happened in order. `result.loss.<head>` is one loss.
RESULTS = ("result.amount", "result.losses", "result.law", "result.papers", "result.events")
LOSS = "result.loss."

#: What a field holds: a path of the case file (`exploitation[].start`, `losses`), or one of RESULTS; of several alternatives the first known.
Reference = str | list[str]


class FormField(Part):
    """One field, in the order of the form. `number` and `words` are as printed, data in the office's language; `asks` says what it is
    (`calculator/vocabulary/forms.yaml`). `write`: what stands in it from the case; `by_hand`: what a case never holds."""

    number: str | None = None
    words: Text
    asks: str
    write: list[Reference] = Field(default_factory=list)
    by_hand: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _says_something(self) -> FormField:
        if not self.write and not self.by_hand:
            raise ValueError("a field needs `write` or `by_hand`: an empty row helps nobody")
        return self

    @property
    def references(self) -> Iterator[str]:
        """Each reference, alternatives too."""
        for one in self.write:
            yield from [one] if isinstance(one, str) else one


class Form(Part):
    """One form of an office. `title` is its own name, in `language`; `called` says what it is (`calculator/vocabulary/forms.yaml`).

    `kind`: *form*, the fields are those of a form; *instructions*, the office says what must be at hand for it; *contents*, a law lists what
    an application must hold. `in_part`: only some of its fields were found. `seen`: in what its text was read, where that is not the office's
    or the law's own publication (`calculator/vocabulary/forms.yaml`): said beside the source.
    """

    id: str = Field(pattern="^[a-z0-9-]+$")
    routes: list[str] = Field(min_length=1)
    kind: Literal["form", "instructions", "contents"]
    title: Text
    language: str = Field(pattern="^[a-z]{2}$")
    called: str
    source: str
    in_part: bool = False
    seen: list[str] = Field(default_factory=list)
    fields: list[FormField] = Field(min_length=1)


def check_forms(
    file: str, forms: list[Form], languages: list[str], heads: Mapping[str, frozenset[str]], sources: Mapping[str, Source], faults: Faults
) -> None:
    """A name that nothing has goes to `faults`. `heads`: way to money -> the losses it pays."""
    words = vocabulary.forms()
    sources_known(file, [(f"{form.id}.source", form.source) for form in forms], sources, faults)
    seen: set[str] = set()
    for form in forms:
        if form.id in seen:
            with faults.of():
                raise PackError(file, form.id, "The form {id} is there twice.", "Give one of them another id.", id=form.id)
        seen.add(form.id)
        words_known(file, f"{form.id}.routes", [name for name in form.routes if name not in faults.names], heads, faults)
        words_known(file, f"{form.id}.language", [form.language], languages, faults)
        words_known(file, f"{form.id}.called", [form.called], words["titles"], faults)
        words_known(file, f"{form.id}.seen", form.seen, words["seen"], faults)
        paid = frozenset[str]().union(*(heads.get(name, frozenset()) for name in form.routes))
        for number, one in enumerate(form.fields):
            place = f"{form.id}.fields[{number}]"
            words_known(file, f"{place}.asks", [one.asks], words["asks"], faults)
            words_known(file, f"{place}.by_hand", one.by_hand, words["by_hand"], faults)
            known = fact_paths() | set(RESULTS) | {f"{LOSS}{head}" for head in paid}
            for missing in (name for name in one.references if name not in known):
                with faults.of():
                    raise PackError(
                        file,
                        f"{place}.write",
                        "There is no fact and no result named {found}.",
                        "A fact is a path of the case file, such as work[].start; a result is one of {known}.",
                        found=missing,
                        known=", ".join((*RESULTS, f"{LOSS}<head>")),
                    )


@cache
def fact_paths() -> frozenset[str]:
    """Every path of the case file, with `[]` for each entry of a list: `work[].paid[].amount`; groups and lists too."""
    return frozenset(_paths(CaseFile, ""))


def _paths(model: type[BaseModel], path: str) -> Iterator[str]:
    hints = get_type_hints(model, include_extras=True)
    for key, about in model.model_fields.items():
        own = f"{path}.{about.alias or key}" if path else about.alias or key
        yield own
        for entries, inner in _models(hints[key]):
            yield from _paths(inner, own + entries)


def _models(hint: Any) -> Iterator[tuple[str, type[BaseModel]]]:
    """Models within a type, each with `[]` where it is the entry of a list."""
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield "", hint
    elif get_origin(hint) is not Literal:
        for one in get_args(hint):
            yield from ((("[]" if get_origin(hint) is list else "") + entries, model) for entries, model in _models(one))


__all__ = ["LOSS", "RESULTS", "Form", "FormField", "Reference", "check_forms", "fact_paths"]
