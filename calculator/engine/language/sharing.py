"""What a pack says more than once is worked out once an estimate.

Routes of a country ask the same things: whether it happened after a law, what a month holds, what was lost. A value, condition or
day that a pack writes twice or more is kept for the estimate under its own text, with the figures it let in. What depends on the
route (its claim, a name of its own) is kept for that route; what depends on more than the case, on a step, an earlier head or the
day in hand, is not kept. With a trace, or where choices are noted, everything is worked out where it stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeVar

from calculator.engine.language.needs import Looks, Needs
from calculator.engine.language.run import Context
from calculator.engine.language.scope import Scope

T = TypeVar("T")
Kind = Literal["value", "condition", "day"]

#: Words of what is worked out as quickly as it is looked up.
_QUICK = ("always", "nobody_knows", "is", "said")


def texts_said_again(raws: Iterable[Any]) -> frozenset[str]:
    """The texts of all mappings that stand twice or more in `raws`, at any depth."""
    counts: Counter[str] = Counter()
    for raw in raws:
        _count(raw, counts)
    return frozenset(text for text, times in counts.items() if times > 1)


def _count(raw: Any, counts: Counter[str]) -> None:
    if isinstance(raw, dict):
        counts[repr(raw)] += 1
        raw = list(raw.values())
    if isinstance(raw, list):
        for part in raw:
            _count(part, counts)


def shared_where_said_again(evaluate: Callable[[Context], T], raw: Any, scope: Scope, kind: Kind, needs: Needs) -> Callable[[Context], T]:
    """`evaluate`, or, where the pack writes `raw` again, the same worked out once for all places that may share it."""
    if isinstance(raw, dict) and not raw.keys().isdisjoint(_QUICK):
        return evaluate
    text = repr(raw)
    if text not in scope.said_again or Looks.HEAD in needs.looks:
        return evaluate
    if Looks.ROUTE in needs.looks:
        return worked_out_once(evaluate, f"{scope.route}: {text}", kind)
    return worked_out_once(evaluate, text, kind, by_claim=Looks.CLAIM in needs.looks)


def worked_out_once(evaluate: Callable[[Context], T], text: str, kind: Kind, by_claim: bool = False) -> Callable[[Context], T]:
    """`evaluate` worked out once an estimate, or, `by_claim`, once a route where anything was claimed already; `text` stands for it
    and for nothing else of its kind.

    A value is worked out once for each confidence. Conditions and days come to the same whatever figures a pass lets in, since they
    take theirs at face value.
    """
    for_all: Any = None if kind == "value" else (kind, text)

    def answer(ctx: Context) -> T:
        shared = ctx.shared
        if not shared.keeps:
            return evaluate(ctx)
        key = for_all or (text, ctx.least_sure)
        if by_claim and ctx.facts.case.procedure.claims:
            key = (*key, ctx.route)
        answered = shared.answers.get(key)
        if answered is None:
            answered = shared.answers[key] = ctx.apart(evaluate)
        ctx.ranks_seen |= answered[1]
        value: T = answered[0]
        return value

    return answer
