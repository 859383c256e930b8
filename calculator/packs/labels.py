"""A label is no better than its page: what is called official stands on an official page or a court's decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from calculator.engine.language.faults import Faults
from calculator.engine.routes.pack import CompiledRoute
from calculator.errors import PackError
from calculator.packs.model import Parameter, Source

#: Sources on which a figure or a rule may be called official, or be derived by an official rule.
_OF_THE_STATE = ("official", "court")


class Label(NamedTuple):
    """A figure or a rule: where it stands, how sure it is said to be, and its source."""

    field: str
    confidence: str | None
    source: str | None


def check_labels(file: str, labels: Iterator[Label], sources: Mapping[str, Source], faults: Faults) -> None:
    """Note each label that its source does not bear."""
    for field, confidence, name in labels:
        if confidence not in ("official", "derived") or name is None or name not in sources:
            continue
        kind = sources[name].kind
        with faults.of():
            if kind not in _OF_THE_STATE:
                raise PackError(
                    file,
                    field,
                    "This is marked {confidence}, but its source {source} is {kind}.",
                    "Mark it secondary, or name the official text it stands on.",
                    confidence=confidence,
                    source=name,
                    kind=kind,
                )


def of_parameter(raw: Parameter) -> Iterator[Label]:
    """The labels of a dated figure, row by row."""
    for index, value in enumerate(sorted(raw.values, key=lambda v: v.from_)):
        confidence, source = value.confidence or raw.confidence, value.source or raw.source
        yield Label(f"{raw.id}.values[{index}]", confidence, source)
        for row in value.rows or ():
            yield Label(f"{raw.id}.values[{index}].{row.key or row.upto}", row.confidence or confidence, row.source or source)


def of_route(route: CompiledRoute) -> Iterator[Label]:
    """The labels of a route, of its conditions and deadlines."""
    raw = route.raw
    yield Label("confidence", raw.confidence, raw.source)
    for condition in raw.conditions:
        yield Label(f"conditions.{condition.id}", condition.confidence, condition.source)
    for deadline in raw.deadlines:
        yield Label(f"deadlines.{deadline.id}", deadline.confidence, deadline.source)
