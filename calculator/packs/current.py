"""The rules that are in force in this process: those of the repository until a release is put in their place (`store.rules`)."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from calculator.engine.figures import exchange
from calculator.packs.load import Rules, load_rules

P = ParamSpec("P")
Kept = TypeVar("Kept")
#: Seven times Python's own.
NEW_OBJECTS_BEFORE_A_LOOK = 5000


class _Process:
    """What this process uses."""

    rules: Rules | None = None
    loading = threading.Lock()


def current_rules() -> Rules:
    """The rules in force. Whoever asks twice may be given two: an estimate asks once."""
    if _Process.rules is None:
        with _Process.loading:
            if _Process.rules is None:
                _Process.rules = loaded(load_rules)
    return _Process.rules


def rules_so_far() -> Rules | None:
    """The rules in force if any are loaded yet."""
    return _Process.rules


def loaded(load: Callable[[], Rules]) -> Rules:
    """Rules that stay for long, out of the collector's way. Raises PackError.

    They hold no cycles that end sooner than they do, so the collector need not walk their 140,000 objects each time an estimate makes it
    look: about 6 % of an estimate's mean time, more where an estimate is long. And it looks less often: an estimate makes thousands of
    small values and almost no cycles (5 % of an estimate's median time).
    """
    # Nothing of what is loaded ends before all of it is there: not looking meanwhile spares a quarter of the time.
    gc.disable()
    try:
        rules = load()
    finally:
        gc.enable()
    _set_aside()
    gc.set_threshold(NEW_OBJECTS_BEFORE_A_LOOK, *gc.get_threshold()[1:])
    return rules


def put_in_force(rules: Rules) -> None:
    """Use these from now on; who has asked for the ones before goes on with those, whole."""
    before, _Process.rules = _Process.rules, rules
    exchange.use(rules.rates)
    if before is not None and before.packs is not rules.packs:
        del before
        gc.unfreeze()
        _set_aside()


@contextmanager
def in_force(rules: Rules) -> Iterator[None]:
    """Use these for a while, in a process that does one thing at a time: what an earlier release says."""
    before = current_rules()
    _Process.rules = rules
    exchange.use(rules.rates)
    try:
        yield
    finally:
        _Process.rules = before
        exchange.use(before.rates)


def kept_with_rules(function: Callable[P, Kept]) -> Callable[P, Kept]:
    """A cache for what depends on the rules in force: it is worked out once for each of them."""

    @wraps(function)
    def kept(*args: P.args, **kwargs: P.kwargs) -> Kept:
        memory = current_rules().kept
        key = (function, args, tuple(sorted(kwargs.items())))
        if key not in memory:
            memory[key] = function(*args, **kwargs)
        found: Kept = memory[key]
        return found

    return kept


def _set_aside() -> None:
    gc.collect()
    gc.freeze()
