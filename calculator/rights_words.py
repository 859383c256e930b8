"""What protects in a State without a pack, in sentences: each of the vocabulary, so that no State adds words of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from calculator import vocabulary, wording
from calculator.errors import Translate
from calculator.packs.basic_rights import BasicRights, Claim, Length, Recovery, Seen
from calculator.translation import isolated

Topic = Literal["residence", "police", "legal_help", "compensation"]
#: Who may ask the fund, widest first: of several the widest is told, for nobody shall be kept from asking.
_OPEN_TO = ("legal_residents", "eu_citizens", "citizens")


@dataclass(frozen=True, slots=True)
class Told:
    """One right as it is told, with how sure it is and where it was seen."""

    topic: Topic
    text: str
    seen: Seen

    @property
    def sure(self) -> bool:
        return self.seen.confidence != "unverified"


def told(rights: BasicRights, translate: Translate, language: str, child: bool = False) -> list[Told]:
    """Every right of a State in one language; `child`: to somebody under 18, who has some that others have not."""
    return [Told(topic, wording.sentences(texts, language), seen) for topic, texts, seen in _sentences(rights, translate, language, child)]


def _sentences(rights: BasicRights, say: Translate, language: str, child: bool) -> Iterator[tuple[Topic, list[str], Seen]]:
    words = vocabulary.rights()
    if rights.recovery is not None:
        yield "residence", list(_recovery(rights.recovery, say, language, child)), rights.recovery
    if rights.recovery_none is not None:
        yield "residence", [say(words["recovery"]["none"])], rights.recovery_none
    if rights.stay is not None:
        wanted = [reason for reason in rights.stay.if_ if reason != "child" or child]
        if wanted:
            yield "residence", [say(words["stay"][reason]) for reason in wanted], rights.stay
    protecting: tuple[tuple[Topic, str, Seen | None], ...] = (
        ("police", "no_police_needed", rights.no_police_needed),
        ("police", "not_punished", rights.not_punished),
        ("legal_help", "interpreter", rights.interpreter),
    )
    for topic, name, seen in protecting:
        if seen is not None:
            yield topic, [say(words["protection"][name])], seen
    for claim in rights.claims:
        yield "compensation", list(_claim(claim, say, language)), claim


def _recovery(recovery: Recovery, say: Translate, language: str, child: bool) -> Iterator[str]:
    words = vocabulary.rights()["recovery"]
    yield say(words[recovery.bound]).format(length=_length(recovery, language))
    if child and recovery.child is not None:
        yield say(words["child"]).format(length=_length(recovery.child, language))
    if recovery.no_removal:
        yield say(words["no_removal"])


def _length(length: Length, language: str) -> str:
    if length.days is not None:
        return wording.length(length.days, "day", language)
    assert length.months is not None
    return wording.length(length.months, "month", language)


def _claim(claim: Claim, say: Translate, language: str) -> Iterator[str]:
    words = vocabulary.rights()
    named = claim.kind == "state_fund" and claim.name
    yield say(words["claims"]["named_fund"]).format(name=isolated(str(claim.name), language)) if named else say(words["claims"][claim.kind])
    if claim.kind != "state_fund" or "everyone" in claim.open_to:
        return
    # Where two sorts of people may ask, neither "only" is true: an adviser knows, and nobody is kept from asking.
    kinds = [who for who in ("recognised_victims", *_OPEN_TO) if who in claim.open_to]
    if kinds and (kinds == ["recognised_victims"] or "recognised_victims" not in kinds):
        yield say(words["fund_open_to"][kinds[0]])
    only = next((what for what in ("injury", "sexual_violence", "death") if what in claim.covers), None)
    if only and "trafficking" not in claim.covers:
        yield say(words["fund_covers"][only])
