"""The words everything shares: facts, heads of damage, injuries, papers, conditions. Each is defined and translated once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from calculator import yaml12
from calculator.files import kept

HERE = Path(__file__).parent
CACHE = HERE.parent.parent / "build" / "parsed" / "vocabulary.json"

FactType = Literal["date", "number", "yes_no", "choice", "choices", "money", "pay", "pays", "list", "text"]


@dataclass(frozen=True, slots=True)
class FactDefinition:
    """One fact. `path` uses `[]` for the entry of a list; `bounds` are what "I don't know" lies between;
    `offer` are numbers, or ranges of two, to choose from where exactness does not matter; `names` are the fields to walk from
    the case, or from the entry."""

    id: str
    path: str
    type: FactType
    question: str
    why: str
    unit: str | None = None
    bounds: tuple[Decimal, Decimal] | None = None
    combine: str = "first"
    order: tuple[str, ...] = ()
    fallback: str | None = None
    ask: Literal["chat", "more", "workbench", "never"] = "chat"
    sensitivity: Literal["plain", "sensitive"] = "plain"
    ease: int = 3
    choices: dict[str, str] = field(default_factory=dict)
    offer: tuple[tuple[int, int], ...] = ()
    names: tuple[str, ...] = ()
    #: The list whose entries have it, such as `work`; None = it is the case's own.
    group: str | None = None
    #: Of which entries of the list it is: field -> value. An entry that does not say counts, too.
    only: dict[str, str] = field(default_factory=dict)


def _fact(raw: dict[str, Any]) -> FactDefinition:
    data = dict(raw)
    if "bounds" in data:
        low, high = data["bounds"]
        data["bounds"] = (Decimal(low), Decimal(high))
    data["order"] = tuple(data.get("order", ()))
    data["offer"] = tuple((o[0], o[1]) if isinstance(o, list) else (o, o) for o in data.get("offer", ()))
    data["group"], _, rest = data["path"].rpartition("[].")
    data["group"] = data["group"] or None
    data["names"] = tuple("from_" if name == "from" else name for name in rest.split("."))
    return FactDefinition(**data)


def _read(name: str) -> Any:
    return _files()[name]


@cache
def _files() -> dict[str, Any]:
    return parsed_files()


def parsed_files() -> dict[str, Any]:
    """Every file of the vocabulary, parsed; kept beside the packs' until one of them changes, for parsing takes a third of a start."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(HERE.glob("*.yaml"))}
    sha = hashlib.sha256(json.dumps(texts).encode("utf-8")).hexdigest()
    return kept(CACHE, sha, lambda: {name: yaml12.load(text) for name, text in texts.items()})


@cache
def facts() -> dict[str, FactDefinition]:
    """Every fact by id."""
    definitions = [_fact(raw) for raw in _read("facts.yaml")["facts"]]
    return {definition.id: definition for definition in definitions}


@cache
def for_another() -> dict[str, str]:
    """A sentence said to the person herself -> the one said of her to somebody who asks for her (both are message ids)."""
    return dict(_read("for_another.yaml"))


@cache
def heads() -> dict[str, str]:
    """Head of damage -> its name (a message id of the `law` catalogue)."""
    return dict(_read("heads.yaml")["heads"])


@cache
def families() -> dict[str, str]:
    """Head of damage -> the family of loss it stands for."""
    return {head: family for family, heads in _read("heads.yaml")["families"].items() for head in heads}


@dataclass(frozen=True, slots=True)
class AwardHead:
    """What a published sum is for where no one head of damage says it; `heads`: those it may be for, none = several at once."""

    name: str
    heads: tuple[str, ...]


@cache
def award_heads() -> dict[str, AwardHead]:
    """What published sums and bands are for, beside the heads of damage themselves. Names are message ids of the `law` catalogue."""
    return {key: AwardHead(raw["name"], tuple(raw["heads"])) for key, raw in _read("heads.yaml")["award_heads"].items()}


@cache
def same_loss() -> dict[str, tuple[str, ...]]:
    """Head of damage -> the heads under which courts of other States give money for the same loss, itself among them."""
    return {head: tuple(heads) for heads in _read("heads.yaml")["same_loss"] for head in heads}


@cache
def papers_of_losses() -> dict[str, str]:
    """Which paper helps to set a sum, by family of loss or by head (message ids of the `law` catalogue)."""
    found: dict[str, str] = _read("heads.yaml")["papers"]
    return found


def paper_for(head: str) -> str | None:
    """The paper with which a sum for a head of damage is set; None where none is known."""
    return papers_of_losses().get(head) or papers_of_losses().get(families().get(head, ""))


@cache
def minor_heads() -> frozenset[str]:
    """Heads that are small beside the loss itself: with them alone a claim is not known."""
    return frozenset(_read("heads.yaml")["minor"])


@cache
def loss_heads() -> dict[str, frozenset[str]]:
    """Kind of loss in a case file -> the heads of damage it belongs to."""
    return {kind: frozenset(heads) for kind, heads in _read("heads.yaml")["loss_heads"].items()}


def largest_first(names: Iterable[str]) -> list[str]:
    """Heads of damage by the size of what lies in their family of loss, minor ones last."""
    return sorted(dict.fromkeys(names), key=_by_size().__getitem__)


@cache
def _by_size() -> dict[str, int]:
    """Head of damage -> its place when the largest come first."""
    order: list[str] = _read("heads.yaml")["largest_first"]
    places = {head: n for n, head in enumerate(heads())}
    found = sorted(places, key=lambda head: (head in minor_heads(), order.index(families()[head]), places[head]))
    return {head: n for n, head in enumerate(found)}


@cache
def purposes() -> frozenset[str]:
    """What money that came in may have been for, besides heads of damage and kinds of loss."""
    return frozenset(_read("heads.yaml")["purposes"])


@cache
def same_purpose() -> dict[str, str]:
    """Words for a purpose that mean the same as another."""
    return dict(_read("heads.yaml")["same_purpose"])


@cache
def documents() -> dict[str, str]:
    """Papers that many routes ask for: id -> text (a message id of the `law` catalogue)."""
    return dict(_read("documents.yaml")["documents"])


@cache
def terms() -> dict[str, str]:
    """What a State's own words mean: id -> meaning (a message id of the `law` catalogue)."""
    return dict(_read("terms.yaml")["terms"])


@cache
def forms() -> dict[str, dict[str, str]]:
    """What is said of offices' own forms: titles, what a field asks for, what is written by hand (message ids of the `law` catalogue)."""
    return dict(_read("forms.yaml"))


def form_texts() -> Iterator[str]:
    """Every phrase of `forms`."""
    for group in forms().values():
        yield from group.values()


@dataclass(frozen=True, slots=True)
class ConditionPhrase:
    """A sentence about what a way to money needs; texts are message ids of the `law` catalogue.

    `lacking` is said in its place where it is not so (and after that what is `also` said then), `waits` is what a way waits for until it comes
    true; `reads` are the facts that a test said by it may look at, `finds` the shapes of a test whose open places fill its own.
    """

    text: str
    lacking: str | None = None
    also: bool = False
    waits: str | None = None
    reads: frozenset[str] = frozenset()
    finds: tuple[Any, ...] = ()


@cache
def conditions() -> dict[str, ConditionPhrase]:
    """What conditions say, by id (`calculator.engine.routes.condition_words`)."""
    raw = _read("conditions.yaml")["conditions"]
    return {
        name: ConditionPhrase(**{**one, "reads": frozenset(one.get("reads", ())), "finds": tuple(one.get("finds", ()))})
        for name, one in raw.items()
    }


def condition_texts() -> Iterator[str]:
    """Every sentence of `conditions`."""
    for one in conditions().values():
        yield from (text for text in (one.text, one.lacking, one.waits) if text)


@cache
def deadlines() -> dict[str, Any]:
    """What deadlines say: acts, beginnings, ends, to whom they apply (`calculator.engine.routes.deadline_words`); message ids of `law`."""
    return dict(_read("deadlines.yaml"))


def deadline_texts() -> Iterator[str]:
    """Every sentence of `deadlines`."""
    words = deadlines()
    yield from words["acts"].values()
    yield from (line["says"] for line in words["begins"].values())
    yield from (line["says"] for part in ("ends", "holds") for line in words[part])
    yield from (words[name] for name in ("not_before_age", "one_day_less", "held", "about"))
    for part in ("moments", "late", "extends"):
        yield from words[part].values()


@cache
def rights() -> dict[str, dict[str, str]]:
    """What is told of States without a pack (`calculator.rights_words`): group -> phrase; message ids of `law`."""
    return dict(_read("rights.yaml"))


@cache
def services() -> dict[str, str]:
    """Kind of service -> what it is, the title of a contact (a message id of the `law` catalogue)."""
    return dict(_read("services.yaml"))


@cache
def screening() -> dict[str, Any]:
    """Indicators of trafficking, the rule that reads them, and the questions of the screening (`calculator.screening`)."""
    return dict(_read("screening.yaml"))


@cache
def injuries() -> dict[str, dict[str, Any]]:
    """Shared injury vocabulary: code -> {name, sensitive}."""
    return dict(_read("injuries.yaml")["injuries"])
