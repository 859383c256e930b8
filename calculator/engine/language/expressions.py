"""The three kinds of expressions a pack may write (values, conditions and days), and the words each of them has.

They contain each other: a value may hang on a condition, a condition compare two days, a day move by a figure. So the words register here from
above (`calculator.engine.operations`, `calculator.engine.work`), and whatever holds an expression asks here to have it compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from calculator import quantity, vocabulary
from calculator.case.values import read_decimal
from calculator.engine.figures import units
from calculator.engine.figures.units import Unit
from calculator.engine.language import tried
from calculator.engine.language.named_days import Find, named_day
from calculator.engine.language.needs import Looks
from calculator.engine.language.run import Context, Truth
from calculator.engine.language.scope import Scope
from calculator.engine.language.sharing import shared_where_said_again
from calculator.quantity import Value, number

Evaluate = Callable[[Context], Value]
Test = Callable[[Context], Truth]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A formula ready to run, and what it is measured in."""

    evaluate: Evaluate
    unit: Unit


#: Compiles what stands under a word: (that, the whole mapping, where it stands).
Compiler = Callable[[Any, dict[str, Any], Scope], Compiled]
#: Compile a whole mapping, where it stands.
ConditionCompiler = Callable[[dict[str, Any], Scope], Test]
DayCompiler = Callable[[dict[str, Any], Scope], Find]
C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Word(Generic[C]):
    """A word of the language: its compiler, and what it looks at beyond its operands."""

    compiler: C
    looks: Looks


#: Word of a pack -> how it is compiled. The first that stands in a mapping says what the mapping is.
OPERATIONS: dict[str, Word[Compiler]] = {}
CONDITIONS: dict[str, Word[ConditionCompiler]] = {}
DAYS: dict[str, Word[DayCompiler]] = {}


def operation(name: str, *, looks: Looks) -> Callable[[Compiler], Compiler]:
    """Register the compiler of an operation under the word packs use for it. What it `looks` at has to be said: what may be shared
    hangs on it."""

    def register(compiler: Compiler) -> Compiler:
        OPERATIONS[name] = Word(compiler, looks)
        return compiler

    return register


def condition(name: str, *, looks: Looks) -> Callable[[ConditionCompiler], ConditionCompiler]:
    """Register the compiler of a kind of condition; `looks` as for an operation."""

    def register(compiler: ConditionCompiler) -> ConditionCompiler:
        CONDITIONS[name] = Word(compiler, looks)
        return compiler

    return register


def day(name: str, *, looks: Looks) -> Callable[[DayCompiler], DayCompiler]:
    """Register the compiler of an operation on days; `looks` as for an operation."""

    def register(compiler: DayCompiler) -> DayCompiler:
        DAYS[name] = Word(compiler, looks)
        return compiler

    return register


def compile_value(raw: Any, scope: Scope) -> Compiled:
    """Any operand. Raises PackError that names file, field, what was found and how to mend it."""
    if isinstance(raw, bool) or raw is None or isinstance(raw, list):
        raise scope.fault("This is not a value: {found}.", "Write a number, a step, a fact or an operation.", found=raw)
    if isinstance(raw, dict):
        inner = scope.deeper()
        compiled = _operation(raw, inner)
        scope.needs.add(inner.needs)
        return Compiled(shared_where_said_again(compiled.evaluate, raw, scope, "value", inner.needs), compiled.unit)
    if isinstance(raw, str) and not _looks_like_number(raw):
        return _name(raw, scope)
    try:
        literal = number(read_decimal(raw))
    except ValueError as error:
        raise scope.fault("This is not a number: {found}.", 'Write digits, such as 40 or "8.50".', found=raw) from error
    return Compiled(lambda ctx: literal, None)


def compile_condition(raw: Any, scope: Scope) -> Test:
    """A test of the case. Raises PackError."""
    if not isinstance(raw, dict) or not raw:
        raise scope.fault("A condition is a mapping, found {found}.", "Write for example {{fact: ..., is: ...}}.", found=raw)
    word = next((word for word in CONDITIONS if word in raw), None)
    if word is None:
        raise scope.unknown_name("kind of condition", next(iter(raw)), CONDITIONS)
    inner = scope.deeper()
    inner.needs.look(CONDITIONS[word].looks)
    test = CONDITIONS[word].compiler(raw, inner)
    scope.needs.add(inner.needs)
    return shared_where_said_again(test, raw, scope, "condition", inner.needs)


def compile_day(raw: Any, scope: Scope) -> Find:
    """A day of the case. Raises PackError."""
    if isinstance(raw, str):
        return named_day(raw, scope)
    if not isinstance(raw, dict) or not raw:
        raise scope.fault("This is not a date: {found}.", "Name a date fact, or use plus, later_of and the like.", found=raw)
    word = "if" if "if" in raw else next(iter(raw))
    if word not in DAYS:
        raise scope.unknown_name("date operation", word, DAYS)
    inner = scope.deeper()
    inner.needs.look(DAYS[word].looks)
    find = DAYS[word].compiler(raw, inner)
    scope.needs.add(inner.needs)
    return shared_where_said_again(find, raw, scope, "day", inner.needs)


def _looks_like_number(text: str) -> bool:
    return text[:1].isdigit() or text[:1] in "+-."


def _name(name: str, scope: Scope) -> Compiled:
    if name in scope.steps:
        scope.needs.look(Looks.HEAD)
        return Compiled(lambda ctx: ctx.step(name), scope.steps[name])
    definition = vocabulary.facts().get(name)
    if definition is None:
        raise scope.unknown_name("step or fact", name, [*scope.steps, *vocabulary.facts()])
    if definition.type not in ("number", "money", "pay"):
        raise scope.fault("The fact {fact} is not a number.", "Use it in a condition instead.", fact=name)
    scope.needs.read([name])
    unit = units.unit(scope.currency) if definition.type in ("money", "pay") else units.PLAIN
    if definition.unit and definition.type == "number":
        unit = None
    return Compiled(lambda ctx: _read_number(ctx, name), unit)


def _read_number(ctx: Context, fact: str) -> Value:
    value = ctx.facts.number(fact, ctx.route)
    ctx.note(fact, "fact", {}, value)
    return value


def _operation(raw: dict[str, Any], scope: Scope) -> Compiled:
    op = next((key for key in raw if key in OPERATIONS), None)
    if op is None:
        raise scope.unknown_name("operation", next(iter(raw), ""), OPERATIONS)
    scope.needs.look(OPERATIONS[op].looks)
    compiled = OPERATIONS[op].compiler(raw[op], raw, scope.inside(op))
    lowest = compile_value(raw["at_least"], scope.inside("at_least")) if "at_least" in raw else None
    highest = compile_value(raw["at_most"], scope.inside("at_most")) if "at_most" in raw else None
    for bound in (lowest, highest):
        if bound is not None and not units.agree([compiled.unit, bound.unit])[0]:
            raise scope.fault(
                "A limit in {found} is put on a value in {expected}.",
                "Use one unit.",
                found=units.text(bound.unit),
                expected=units.text(compiled.unit),
            )
    if lowest is None and highest is None:
        return compiled

    floor = tried.register(scope.inside("at_least"), "bound") if lowest is not None else ""
    ceiling = tried.register(scope.inside("at_most"), "bound") if highest is not None else ""

    def evaluate(ctx: Context) -> Value:
        value = compiled.evaluate(ctx)
        if lowest is not None and value.known:
            bound = lowest.evaluate(ctx)
            tried.note(ctx, floor, bound.low > value.low)
            value = quantity.greatest([value, bound])
        if highest is not None:
            bound = highest.evaluate(ctx)
            if bound.high is not None:
                tried.note(ctx, ceiling, value.high is None or value.high > bound.high)
            value = quantity.least([value, bound])
        return value

    return Compiled(evaluate, compiled.unit)
