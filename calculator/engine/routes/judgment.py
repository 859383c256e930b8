"""Status follows the procedure: once a court has decided, a route is no longer open to be asked; what is left is what the court ordered.

The judgment's sum takes the place of what the route was worked out to come to. What was paid on it comes off once, as every payment does
(`calculator.engine.routes.paid`); interest on it stays beside it. A judgment that is known without its sum leaves the route not clear.
"""

from __future__ import annotations

from collections.abc import Mapping

from calculator import quantity, vocabulary
from calculator.case.model import Award, CriminalCase
from calculator.case.values import Unsaid
from calculator.engine.facts.converting import Converted
from calculator.engine.facts.readings import Facts
from calculator.engine.language.run import TraceEntry
from calculator.engine.operations.case_entries import amount_of, rate_entry
from calculator.engine.routes.outcome import Lateness, Line, RouteResult
from calculator.engine.routes.pack import CompiledHead, CompiledRoute
from calculator.packs.model import Head, Payer

HEAD = "judgment"
#: The court that decides what a kind of route asks for.
_COURTS = {"criminal_proceedings": "criminal", "civil_claim": "civil", "labour_claim": "labour"}


def settle(result: RouteResult, routes: Mapping[str, CompiledRoute], facts: Facts) -> None:
    """Let a judgment take the place of the claim, on the route on which it was given."""
    kind = result.route.raw.kind
    awards = _awards(facts, _COURTS[kind]) if kind in _COURTS and facts.case.procedure.awards else []
    if awards and result.route.raw.id == _judged_route(kind, routes, facts):
        _take_its_place(result, awards)
    elif kind == "criminal_proceedings" and _is_decided(facts) and result.status in ("open", "likely"):
        result.status = "uncertain"
        if facts.case.procedure.awards is None:
            result.missing |= {"procedure.awards"}


def family_of(awards: list[Award], court: str) -> str:
    """The family of loss that a judgment pays: of the heads that are told, where they are of one; wages where a labour court judged;
    else it stands for all of them."""
    usual = "wages" if court == "labour" else "whole"
    heads = {head for award in awards for head in (award.for_ if isinstance(award.for_, list) else [""])}
    families = {vocabulary.families().get(head, usual) for head in heads}
    return families.pop() if len(families) == 1 else "whole"


def _awards(facts: Facts, court: str) -> list[Award]:
    """Judgments of such a court of this country whose sum is told."""
    awards = facts.case.procedure.awards
    found = []
    for award in awards if isinstance(awards, list) else []:
        here = award.country in (None, facts.country) or isinstance(award.country, Unsaid)
        if here and award.court == court and award.damages is not None and not isinstance(award.damages, Unsaid):
            found.append(award)
    return found


def _judged_route(kind: str, routes: Mapping[str, CompiledRoute], facts: Facts) -> str | None:
    """The route of this kind on which a decision is told, else the first one of the pack that may be it."""
    of_kind = [name for name, route in routes.items() if route.raw.kind == kind and _may_be_here(route, facts)]
    decided = [name for name in of_kind if any(claim.decided is not None for _, claim in facts.claims(name))]
    return next(iter([*decided, *of_kind]), None)


def _may_be_here(route: CompiledRoute, facts: Facts) -> bool:
    regions = facts.regions()
    return route.raw.regions is None or regions.presence == "said" and any(region in route.raw.regions for region in regions.values)


def _is_decided(facts: Facts) -> bool:
    case = facts.case.procedure.criminal_case
    return isinstance(case, CriminalCase) and case.status == "convicted"


def _take_its_place(result: RouteResult, awards: list[Award]) -> None:
    told = [(name, getattr(award, name)) for award in awards for name in ("damages", "costs")]
    parts = [(name, amount_of(amount)) for name, amount in told if amount is not None]
    ordered = quantity.add([value for _, value in parts])
    payer: Payer = "employer" if result.route.raw.kind == "labour_claim" else "offender"
    raw = Head(head=HEAD, payer=payer, basis="arithmetic", source=result.route.raw.source)
    head = CompiledHead(raw, None, {}, None)
    rates = [rate_entry(amount, amount_of(amount)) for _, amount in told if isinstance(amount, Converted)]
    trace = [*rates, TraceEntry("awarded", "awarded", {f"{n + 1}. {name}": value for n, (name, value) in enumerate(parts)}, ordered)]
    result.claimed = result.lines
    result.lines = [Line(head, ordered, ordered.rank, trace), *(line for line in result.lines if line.head.raw.beside)]
    result.judged = family_of(awards, _COURTS[result.route.raw.kind])
    result.unknown_heads = [] if ordered.known else [HEAD]
    # It was asked for in time, or the court would not have decided.
    result.late = Lateness()
    result.status, result.waits_for = "later", None
