"""From a condition's test to the sentences that say it, so that no sentence can ask for something else than its rule.

A pack names the phrases of a condition (`said`; without it, that of its own id). Each is a whole sentence of
`calculator/vocabulary/conditions.yaml`, and knows which facts a test it says may look at: a test that looks at another is refused, and so is
a figure that is not the test's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from calculator import vocabulary
from calculator.engine.language.scope import Scope
from calculator.engine.routes.phrases import SLOT, Amount, Period, Phrase, figure_of, own_words
from calculator.engine.routes.shapes import expanded, fits
from calculator.packs.model import Condition
from calculator.vocabulary import ConditionPhrase


@dataclass(frozen=True, slots=True)
class ConditionWords:
    """What has to be; what is said in its place where it is not so (nothing = the same); what a way waits for until it comes true."""

    said: tuple[Phrase, ...]
    lacking: tuple[Phrase, ...] = ()
    waits_for: str | None = None


def condition_words(raw: Condition, scope: Scope, dates: dict[str, Any], facts: set[str]) -> ConditionWords:
    """The words of a condition. `dates`: days that the route gives a name; `facts`: those its test looks at.

    Raises PackError where the sentences and the test do not agree, or nothing says it.
    """
    if raw.text is not None:
        if raw.said:
            raise scope.fault("A text of its own says all; `said` has no place beside it.", "Remove either.")
        found = ConditionWords((own_words(raw.text, scope.inside("text")),), waits_for=raw.waits_for)
    else:
        found = _of_the_vocabulary(raw, scope, dates, facts)
    if raw.otherwise == "later" and found.waits_for is None:
        raise scope.fault("This condition may come true later, and does not say what it waits for.", "Add waits_for.")
    for phrase in (*found.said, *found.lacking):
        _always_the_same(phrase, scope)
    return found


def _of_the_vocabulary(raw: Condition, scope: Scope, dates: dict[str, Any], facts: set[str]) -> ConditionWords:
    known = vocabulary.conditions()
    where = scope.inside("said")
    names = raw.said or [raw.id]
    for name in names:
        if name not in known:
            raise where.unknown_name("phrase for a condition", name, known)
    phrases = [known[name] for name in names]
    unsaid = facts - set().union(*(phrase.reads for phrase in phrases))
    if unsaid:
        raise where.fault(
            "The test looks at {found}, and no sentence here is about that.",
            "Add a phrase that is, or write a text.",
            found=", ".join(sorted(unsaid)),
        )
    if facts and not any(phrase.reads & facts for phrase in phrases):
        raise where.fault("No sentence here is about what the test looks at.", "Choose others, or write a text.")
    test = expanded(raw.test, dates)
    first = phrases[0]
    lacking: tuple[Phrase, ...] = ()
    if first.lacking:
        eased = (_filled(phrase.text, phrase, test, where) for phrase in phrases[1:] if phrase.also)
        lacking = (_filled(first.lacking, first, test, where), *eased)
    return ConditionWords(tuple(_filled(phrase.text, phrase, test, where) for phrase in phrases), lacking, raw.waits_for or phrases[0].waits)


def _filled(text: str, phrase: ConditionPhrase, test: Any, scope: Scope) -> Phrase:
    """The sentence with what stands in the test: a day, an age, or the figure of a parameter."""
    slots = set(SLOT.findall(text))
    if not slots:
        return Phrase(text, {})
    bound = next((bound for part in _parts(test) for pattern in phrase.finds if (bound := fits(pattern, part)) is not None), {})
    if missing := slots - set(bound):
        raise scope.fault("Nothing in the test fills {found}.", "Choose another phrase, or write a text.", found="{" + missing.pop() + "}")
    figures = {name: scope.parameters.get(bound[name]) if isinstance(bound[name], str) else None for name in slots}
    return Phrase(text, {name: figure_of(found.unit, bound[name]) if found else bound[name] for name, found in figures.items()})


def _always_the_same(phrase: Phrase, scope: Scope) -> None:
    """Raises PackError for a figure that changed: a sentence says one, and a case may be of another time."""
    for value in phrase.values.values():
        name = value.parameter if isinstance(value, Period | Amount) else None
        if name is not None and len({dated.raw.value for dated in scope.parameters[name].values}) > 1:
            raise scope.fault("{name} was not always the same, and a sentence says one figure.", "Say it without the figure.", name=name)


def _parts(raw: Any) -> Iterator[Any]:
    """A test and everything inside it."""
    yield raw
    for inner in raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ():
        yield from _parts(inner)
