"""`estimate(case, rules, on)`: a pure function from facts and rules to what can be claimed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from calculator.case.limits import check_jurisdictions, shown
from calculator.case.model import CaseFile
from calculator.case.read import check_against
from calculator.case.values import Unsaid
from calculator.engine.facts.readings import Facts
from calculator.engine.language.run import Context, Shared
from calculator.engine.language.tried import Exercised
from calculator.engine.routes.evaluate import evaluate_route
from calculator.engine.routes.outcome import RouteResult
from calculator.engine.routes.pack import Pack
from calculator.engine.routes.paid import without_payments
from calculator.engine.routes.totals import Choice, Totals, choice, totals
from calculator.errors import CaseError
from calculator.packs.awards import Published
from calculator.packs.load import ENGINE_VERSION, Rules


@dataclass(frozen=True, slots=True)
class JurisdictionEstimate:
    """All routes of one jurisdiction, and the totals across them."""

    code: str
    pack: Pack
    facts: Facts
    routes: list[RouteResult]
    totals: Totals
    minor: bool | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What can be claimed. `engine` and `sha256` say which rules made it, so that it can be made again."""

    on: date
    jurisdictions: list[JurisdictionEstimate]
    engine: str
    sha256: str
    not_covered: tuple[str, ...] = ()
    #: Every published decision that is known: the nearest are chosen when they are shown.
    published: tuple[Published, ...] = ()
    #: Which release the rules are; None for packs that are not released.
    release: str | None = None


def countries_of(case: CaseFile) -> list[str]:
    """The countries a case names, in the order of its entries."""
    found: list[str] = []
    for items in (case.exploitation, case.work):
        for item in items if isinstance(items, list) else []:
            if isinstance(item.country, str) and not isinstance(item.country, Unsaid) and item.country not in found:
                found.append(item.country)
    return found


def estimate(
    case: CaseFile, rules: Rules, on: date, jurisdictions: Sequence[str] | None = None, trace: bool = True, exercised: Exercised | None = None
) -> Estimate:
    """Work out every route of the jurisdictions (without any named: those of the case's countries).

    A country of the case without a pack is named under `not_covered`. Raises CaseError when no jurisdiction is known,
    when a named one (or every country of the case) has no pack, or when facts lie after `on`. `exercised` collects which
    choices of the packs were taken which way (`redress pack exercise`).
    """
    check_against(case, on)
    wanted = list(jurisdictions) if jurisdictions else countries_of(case)
    check_jurisdictions(wanted)
    if not wanted:
        raise CaseError("exploitation[0].country", "The case names no country.", "Add the country, such as DE, or choose one with -j.")
    not_covered: tuple[str, ...] = ()
    if not jurisdictions and any(rules.pack(code) for code in wanted):
        not_covered = tuple(code for code in wanted if rules.pack(code) is None)
    results = []
    for code in dict.fromkeys(code for code in wanted if code not in not_covered):
        # A part of a country inherits the country's rules.
        country, _, part = code.partition("-")
        pack = rules.pack(country)
        if pack is None:
            raise CaseError(
                "exploitation[0].country",
                "There are no rules yet for {found}.",
                "Countries with rules: {known}.",
                found=shown(code),
                known=", ".join(sorted(rules.packs)),
            )
        results.append(_jurisdiction(case, pack, on, trace, code if part else None, exercised))
    return Estimate(on, results, ENGINE_VERSION, rules.sha256, not_covered, rules.published, rules.release)


class Routes:
    """The routes of one jurisdiction under one case, each worked out once, when it is first asked for."""

    def __init__(
        self, case: CaseFile, pack: Pack, on: date, trace: bool = False, region: str | None = None, exercised: Exercised | None = None
    ) -> None:
        self.pack = pack
        self.facts = Facts(case, pack.jurisdiction.country, on, region, pack.jurisdiction.currency)
        self.facts.exercised = exercised
        self.names = [name for name, route in pack.routes.items() if region is None or route.raw.regions is None or region in route.raw.regions]
        self._done: dict[str, RouteResult] = {}
        self.shared = Shared(keeps=not trace and exercised is None, evaluate_route=self.result)
        self._base = Context(pack=pack, facts=self.facts, on=on, trace=[] if trace else None, shared=self.shared)

    def result(self, name: str) -> RouteResult:
        """What a route comes to."""
        if name not in self._done:
            self._done[name] = evaluate_route(self.pack.routes[name], self._base, self.pack.routes)
        return self._done[name]

    def close(self) -> None:
        """Let go of what the routes shared. Without this it holds itself, and its thousands of small values wait for the collector."""
        self.shared.clear()


def _jurisdiction(
    case: CaseFile, pack: Pack, on: date, trace: bool, region: str | None = None, exercised: Exercised | None = None
) -> JurisdictionEstimate:
    evaluation = Routes(case, pack, on, trace, region, exercised)
    routes = [evaluation.result(name) for name in evaluation.names]
    evaluation.close()
    facts = evaluation.facts
    ages = facts.age(on)
    minor = None if ages is None else (ages[1] < 18 if ages[1] < 18 or ages[0] >= 18 else None)
    return JurisdictionEstimate(region or pack.code, pack, facts, routes, totals(routes, facts, _before_payments(case, pack, on, region)), minor)


def _before_payments(case: CaseFile, pack: Pack, on: date, region: str | None) -> Choice | None:
    """Which routes would count if nothing had been paid; None where nothing was."""
    unpaid = without_payments(case)
    if unpaid is case:
        return None
    evaluation = Routes(unpaid, pack, on, region=region)
    routes = [evaluation.result(name) for name in evaluation.names]
    evaluation.close()
    return choice(routes)
