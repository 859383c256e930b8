"""Every sentence a pack can say, where it stands, who reads it, and the rule it puts into words.

Translators' catalogues are made of these (`tools/source_strings.py`), reviewers read them in one go (`redress say`), and how many of them
a State adds is counted (`redress pack coverage`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Literal, NamedTuple, get_args

from calculator import vocabulary
from calculator.engine.routes.pack import CompiledCondition, CompiledDeadline, CompiledRoute, Pack
from calculator.engine.routes.phrases import Phrase
from calculator.packs.model import Head

#: *person*: who claims, and who helps her; *figures*: she too, where she asks how a sum was worked out or what others got; *counsel*: a lawyer
#: alone, what was and was not found.
Reader = Literal["person", "figures", "counsel"]


class Sentence(NamedTuple):
    """One text of a pack: the part of the pack it belongs to (`contacts`, `rights`, a route's id ...), the field, and its rule as JSON.

    `made`: the vocabulary's phrases that it is made of, from its rule; then it is no text of the pack's own.
    """

    part: str
    field: str
    text: str
    reader: Reader = "person"
    rule: str | None = None
    made: tuple[Phrase, ...] = ()
    #: What `made` is said with: the last day on which its rule was for somebody, None = it still is.
    until: date | None = None


def sentences(pack: Pack) -> Iterator[Sentence]:
    """All of them, in the order in which a person meets them: who helps, her rights, each route; then how sums come about; then what is for
    her lawyer alone."""
    return iter(sorted(_all(pack), key=lambda sentence: get_args(Reader).index(sentence.reader)))


def of_its_own(packs: Iterable[Pack]) -> dict[str, int]:
    """How many sentences that a person reads each pack has, and neither another pack nor the vocabulary has."""
    texts = {pack.code: {s.text for s in _all(pack) if s.reader == "person" and not s.made} for pack in packs}
    shared = {*vocabulary.heads().values(), *vocabulary.documents().values(), *vocabulary.condition_texts()}
    shared |= {*vocabulary.terms().values(), *vocabulary.services().values(), *vocabulary.form_texts()}
    return {code: len(own - shared - set().union(*(other for name, other in texts.items() if name != code))) for code, own in texts.items()}


def _all(pack: Pack) -> Iterator[Sentence]:
    yield Sentence("jurisdiction", "name", pack.jurisdiction.name)
    for region in pack.jurisdiction.regions:
        yield Sentence("jurisdiction", "region", region.name)
        yield from (Sentence("jurisdiction", "changes", text, "counsel") for text in region.changes)
    if pack.jurisdiction.asked_and_given:
        yield Sentence("jurisdiction", "asked_and_given", pack.jurisdiction.asked_and_given.text, "figures")
    for contact in pack.contacts:
        yield Sentence("contacts", contact.name or "kind", vocabulary.services()[contact.kind])
        for field in ("hours", "languages_note", "for_whom", "gives", "note"):
            if text := getattr(contact, field):
                yield Sentence("contacts", field, text)
    for term in pack.terms:
        # The words are data; what they mean is said.
        words = ", ".join(f"{word} ({code})" for code, word in term.words.items())
        yield Sentence("terms", words, vocabulary.terms()[term.term])
    for form in pack.forms:
        # The printed names are data; what they are is said.
        told = vocabulary.forms()
        yield Sentence("forms", form.title, told["titles"][form.called])
        for one in form.fields:
            yield Sentence("forms", one.words, told["asks"][one.asks])
            yield from (Sentence("forms", one.words, told["by_hand"][name]) for name in one.by_hand)
    for topic, rights in (pack.protection.topics if pack.protection else {}).items():
        for right in rights:
            yield from (Sentence("rights", topic, text) for text in (right.text, *right.details))
            yield from (Sentence("rights", topic, text, "counsel") for text in right.for_counsel)
    for route in pack.routes.values():
        yield from _of_route(route)
    yield from (Sentence("parameters", parameter.id, parameter.title, "figures") for parameter in pack.parameters.values())


def _of_route(route: CompiledRoute) -> Iterator[Sentence]:
    raw = route.raw

    def said(field: str, *texts: str | None, reader: Reader = "person", rule: Any = None) -> Iterator[Sentence]:
        rule_text = None if rule is None else json.dumps(rule, default=str, ensure_ascii=False)
        return (Sentence(raw.id, field, text, reader, rule_text) for text in texts if text)

    yield from said("name", raw.name, raw.authority)
    for condition in route.conditions:
        yield from _of_condition(raw.id, condition)
    for deadline in route.deadlines:
        yield from _of_deadline(raw.id, deadline)
    for head in raw.heads:
        yield from said(f"head {head.head}", head.note, rule=_formula(head))
        yield from said(f"head {head.head}", head.gap)
    yield from said("caps", *(cap.note for cap in raw.caps))
    yield from said("papers", *(document.text for document in raw.documents))
    yield from said("steps", *raw.steps)
    yield from said("cost", raw.cost)
    yield from said("report_note", raw.report_note)
    yield from said("how_often", raw.how_often.text if raw.how_often else None)
    yield from said("relations", *(relation.text for relation in raw.relations), reader="counsel")
    yield from said("unknown", *_unknown(raw.model_dump()))
    yield from said("gaps", *raw.gaps, reader="counsel")


def _of_condition(route: str, condition: CompiledCondition) -> Iterator[Sentence]:
    raw, words = condition.raw, condition.words
    field, rule = f"condition {raw.id}", None if raw.test is None else json.dumps(raw.test, default=str, ensure_ascii=False)
    for phrases in (words.said, words.lacking):
        if raw.text is None and phrases:
            yield Sentence(route, field, " ".join(phrase.text for phrase in phrases), rule=rule, made=phrases)
    yield from (Sentence(route, field, text, rule=rule) for text in (raw.text, raw.waits_for) if text)


def _of_deadline(route: str, deadline: CompiledDeadline) -> Iterator[Sentence]:
    raw = deadline.raw
    field, rule = f"deadline {raw.id}", json.dumps(raw.within if raw.date is None else raw.date, default=str, ensure_ascii=False)
    if raw.rule is not None:
        yield Sentence(route, field, raw.rule, rule=rule)
    else:
        yield Sentence(
            route, field, " ".join(phrase.text for phrase in deadline.said), rule=rule, made=deadline.said, until=deadline.figures_at_last
        )
    if raw.extends:
        yield Sentence(route, field, " ".join(phrase.text for phrase in deadline.relief), made=deadline.relief)
    yield from (Sentence(route, field, text) for text in (raw.about, raw.relief) if text)


def _formula(head: Head) -> Any:
    return head.result if not head.steps else {**head.steps, "result": head.result}


def _unknown(raw: Any) -> Iterator[str]:
    """Texts of {unknown: "..."} in formulas: they are told where the case comes to them."""
    if isinstance(raw, dict):
        if isinstance(raw.get("unknown"), str):
            yield raw["unknown"]
        for value in raw.values():
            yield from _unknown(value)
    elif isinstance(raw, list):
        for value in raw:
            yield from _unknown(value)
