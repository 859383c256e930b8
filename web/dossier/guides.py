"""How to fill in an office's own form, field by field from a case: from the pack's form, the answers and the estimate to blocks.

Pure: nothing is worked out here, and no field is named that the pack has no source for (docs/writing-rules.md, "An office's own form").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from calculator import vocabulary
from calculator.engine.result import document
from calculator.packs.forms import LOSS, Form, FormField
from calculator.translation import _, isolated, translator
from web.dossier.blocks import Block, Heading, Paragraph, Table
from workbench import labels
from workbench.form import EACH, Field, Part, general, parts, walk
from workbench.said import TITLED, asked, in_words
from workbench.sheet import Sheet, entries_in
from workbench.values import NONE, UNSAID

GUIDE = _("How to fill in: {form}")
FOR_ROUTE = _("{form}. It belongs to: {route} ({status})")
#: By `Form.kind`.
KINDS = {
    "form": _("These are fields of the office's own form. What to write comes from this case."),
    "instructions": _("The office says that these things must be at hand. The form itself was not seen."),
    "contents": _("The law says that these things must stand in it. The office's form, if there is one, may ask in another order."),
}
IN_PART = _("This is only a part of the form. Go through the rest of it together with the client.")
CHECK = _("Forms change. Compare with the form that the office gives out now. Write nothing that the client does not want to say.")
COLUMNS = (_("Field on the form"), _("What it asks for"), _("Write this"))
BY_HAND = _("Write this yourself: {what}")
MISSING = _("Not known yet: {what}")
NO_SUM = _("No sum is known. Leave it open, or ask a lawyer first.")
NO_LOSS = _("{loss}: no sum is known")
NONE_HAPPENED = _("Nothing with a day is written down yet.")
NO_PAPERS = _("No papers are named for this.")
FROM = _("Where the fields come from: {source}")
#: Codes that say nothing without the field they stand in.
_PLAIN = frozenset({"kind", "code"})


@dataclass(frozen=True, slots=True)
class About:
    """The case and its estimate, told in one language. `country`: of the office, as ISO 3166; `left_out`: names of fields that could not be
    used; `events`: what happened there, in order; `hidden`: sums are not told (a child's without an adult)."""

    sheet: Sheet
    language: str
    country: str
    currency: str
    route: document.Route
    #: In words: open, likely ...
    status: str
    papers: Sequence[str]
    events: Sequence[str]
    #: The source of a form, as the dossier says sources.
    source: Callable[[Form], str]
    amount: Callable[[document.Amount], str]
    left_out: frozenset[str] = field(default_factory=frozenset)
    hidden: bool = False


def guide(form: Form, about: About) -> list[Block]:
    """The guide: as many blocks and rows in each language."""
    web, law = translator(about.language, "web", "law"), translator(about.language, "law")
    name = isolated(form.title, about.language)
    called = law(vocabulary.forms()["titles"][form.called])
    blocks: list[Block] = [
        Heading(2, web(GUIDE).format(form=name)),
        Paragraph(web(FOR_ROUTE).format(form=called, route=about.route.name, status=about.status), "strong"),
        Paragraph(web(KINDS[form.kind])),
        Paragraph(web(CHECK), "notice"),
    ]
    if form.in_part:
        blocks.append(Paragraph(web(IN_PART), "notice"))
    # As it is printed there, also within a table that is read from right to left.
    rows = [[_printed(one, about.language), law(vocabulary.forms()["asks"][one.asks]), "\n".join(_to_write(one, about))] for one in form.fields]
    blocks.append(Table(list(map(web, COLUMNS)), rows, [form.language, "", ""]))
    seen = [law(vocabulary.forms()["seen"][name]) for name in form.seen]
    blocks.append(Paragraph(" ".join([web(FROM).format(source=about.source(form)), *seen]), "quiet"))
    return blocks


def _printed(one: FormField, language: str) -> str:
    return isolated(f"{one.number} {one.words}" if one.number else one.words, language)


def _to_write(one: FormField, about: About) -> Iterator[str]:
    """Lines for one field: what is known, what is to be written by hand, what is not known yet."""
    web, law = translator(about.language, "web", "law"), translator(about.language, "law")
    known: list[tuple[str, str]] = []
    missing: list[str] = []
    for reference in one.write:
        found: list[tuple[str, str]] = []
        lacking: list[str] = []
        for other in [reference] if isinstance(reference, str) else reference:
            found, lack = _result(other, about) if other.startswith("result.") else _facts(other, about)
            lacking += lack
            if found:
                lacking = lack
                break
        # Of alternatives the first is asked for.
        missing += lacking if found or isinstance(reference, str) else lacking[:1]
        known += found
    # With its question: what a field asks for may be something else (the income of a year, where the case has that of a month).
    for title, text in known:
        yield web(TITLED).format(title=title, text=text) if title else text
    if one.by_hand:
        yield web(BY_HAND).format(what="; ".join(law(vocabulary.forms()["by_hand"][name]) for name in one.by_hand))
    for what in dict.fromkeys(missing):
        yield web(MISSING).format(what=what)


def _result(reference: str, about: About) -> tuple[list[tuple[str, str]], list[str]]:
    """Lines with their titles ("" = they stand alone), as `_facts`; a result is never missing, it says that there is none."""
    web, route = translator(about.language, "web", "law"), about.route
    if reference == "result.amount":
        known = not about.hidden and route.amount.low is not None
        return [("", about.amount(route.amount) if known else web(NO_SUM))], []
    if reference == "result.law":
        return [("", "; ".join(isolated(one, about.language) for one in route.legal_basis))], []
    if reference == "result.papers":
        return [("", text) for text in about.papers or [web(NO_PAPERS)]], []
    if reference == "result.events":
        return [("", text) for text in about.events or [web(NONE_HAPPENED)]], []
    head = reference.removeprefix(LOSS) if reference.startswith(LOSS) else None
    lines = [line for line in route.lines if line.counted and head in (None, line.head)]
    told = [
        (line.name, about.amount(line.amount)) if not about.hidden and line.amount.low is not None else ("", web(NO_LOSS).format(loss=line.name))
        for line in lines
    ]
    told += [("", web(NO_LOSS).format(loss=one.name)) for one in route.unknown_heads if head in (None, one.head)]
    return told or ([("", web(NO_SUM))] if head is None else []), []


def _facts(reference: str, about: About) -> tuple[list[tuple[str, str]], list[str]]:
    """(question, answer) for each place of a fact in this case, and the questions that nobody has answered."""
    law = translator(about.language, "law")
    path = reference.replace("[]", f".{EACH}")
    part = parts()[path]
    known: list[tuple[str, str]] = []
    missing: list[str] = []
    places = _places(path, about)
    for name in places:
        question = asked(about.sheet, name, about.language) if len(places) > 1 else law(labels.label(part))
        found = list(_answers(part, name, about))
        known += [(question, text) for text in found]
        missing += [] if found else [question]
    return known, missing if known or missing else [law(labels.label(part))]


def _places(path: str, about: About) -> list[str]:
    """Names of a field in the case, one for each entry of its lists; entries of another country are none of this office's."""
    names = [""]
    for step in path.split("."):
        if step == EACH:
            names = [f"{name}.{one}" for name in names for one in about.sheet.of(name)]
        else:
            names = [f"{name}.{step}" if name else step for name in names]
    return [name for name in names if all(_is_here(f"{owner}.{one}", about) for owner, one in entries_in(name))]


def _is_here(entry: str, about: About) -> bool:
    country = about.sheet.texts.get(f"{entry}.country", "")
    return country in ("", about.country, *UNSAID)


def _answers(part: Part, name: str, about: About) -> Iterator[str]:
    """What is known at a place: of a field its answer, of a group or list one line for each entry."""
    law = translator(about.language, "law")
    text = about.sheet.texts.get(name, "")
    if name in about.left_out:
        return
    if text == NONE and not isinstance(part, Field):
        yield law(labels.NOTHING)
    elif text and text != "unknown":
        yield isolated(_said(name, text, about.language), about.language)
    elif not isinstance(part, Field):
        entries: dict[str, list[str]] = {}
        for leaf in walk(part):
            if isinstance(leaf, Field):
                for place in _places(leaf.name, about):
                    if place.startswith(f"{name}."):
                        entries.setdefault(place.rpartition(".")[0], []).extend(_leaf(place, about))
        yield from (", ".join(texts) for texts in entries.values() if texts)


def _said(name: str, text: str, language: str) -> str:
    """An answer in words; of a part of a country or a city its name without our code for it."""
    part = parts()[general(name)]
    if isinstance(part, Field) and part.name in labels.OF_PLACES and (place := labels.words(part).get(text)):
        return translator(language, "law")(place)
    return in_words(name, text, language)


def _leaf(place: str, about: About) -> Iterator[str]:
    """One answer within an entry: a sum with its currency, a word that speaks for itself, or with its question."""
    texts, law = about.sheet.texts, translator(about.language, "law")
    owner, _dot, last = place.rpartition(".")
    text = texts.get(place, "")
    if not text or text == "unknown" or place in about.left_out or last in ("currency", "per") and texts.get(f"{owner}.amount"):
        return
    said = isolated(_said(place, text, about.language), about.language)
    if last == "amount":
        # As it was typed: what the client said, no sum of ours.
        yield f"{said} {texts.get(f'{owner}.currency') or about.currency}"
        per = texts.get(f"{owner}.per", "")
        if per and per not in UNSAID:
            yield in_words(f"{owner}.per", per, about.language)
    elif last in _PLAIN:
        yield said
    else:
        yield translator(about.language, "web", "law")(TITLED).format(title=law(labels.label(parts()[general(place)])), text=said)
