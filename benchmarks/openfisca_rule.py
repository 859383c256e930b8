"""The back-pay rule of `same_rule.py` in OpenFisca-Core; runs in .venv-openfisca and imports nothing of ours.

Reads {"rates": [[day, rate]], "weeks_per_month", "start", "end", "hours_per_week", "paid_per_month"} as JSON from standard input,
prints {"result", "one_p50", "many_per_person"}: unpaid wages, seconds for one person, seconds a person among 10,000 at once.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from typing import Any

import numpy
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit, period
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

Person = build_entity(key="person", plural="persons", label="A person", is_person=True)


class hours_per_week(Variable):  # noqa: N801 - OpenFisca names variables by their class
    value_type, entity, definition_period, label = float, Person, DateUnit.MONTH, "Hours of work a week"


class paid(Variable):  # noqa: N801
    value_type, entity, definition_period, label = float, Person, DateUnit.MONTH, "Pay received in the month"


class unpaid(Variable):  # noqa: N801
    value_type, entity, definition_period, label = float, Person, DateUnit.MONTH, "Pay due by the minimum wage, less pay received"

    def formula(person, period, parameters):  # noqa: N805 - the first argument of an OpenFisca formula
        rules = parameters(period)
        due = person("hours_per_week", period) * rules.weeks_per_month * rules.minimum_wage
        return numpy.maximum(due - person("paid", period), 0)


def system(case: dict[str, Any]) -> TaxBenefitSystem:
    built = TaxBenefitSystem([Person])
    built.parameters = ParameterNode(
        "",
        data={
            "minimum_wage": {"values": {day: {"value": float(rate)} for day, rate in case["rates"]}},
            "weeks_per_month": {"values": {"2000-01-01": {"value": float(case["weeks_per_month"])}}},
        },
    )
    built.add_variables(hours_per_week, paid, unpaid)
    return built


def months(case: dict[str, Any]) -> list[str]:
    first, last = case["start"][:7], case["end"][:7]
    found, (year, month) = [], map(int, first.split("-"))
    while f"{year:04d}-{month:02d}" <= last:
        found.append(f"{year:04d}-{month:02d}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return found


def unpaid_of(built: TaxBenefitSystem, case: dict[str, Any], people: int) -> numpy.ndarray:
    simulation = SimulationBuilder().build_default_simulation(built, people)
    total = numpy.zeros(people)
    for month in months(case):
        simulation.set_input("hours_per_week", period(month), numpy.full(people, float(case["hours_per_week"])))
        simulation.set_input("paid", period(month), numpy.full(people, float(case["paid_per_month"])))
        total += simulation.calculate("unpaid", period(month))
    return total


def timed(built: TaxBenefitSystem, case: dict[str, Any], people: int, times: int) -> float:
    unpaid_of(built, case, people)
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        unpaid_of(built, case, people)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def main() -> None:
    case = json.load(sys.stdin)
    built = system(case)
    print(
        json.dumps(
            {
                "result": float(unpaid_of(built, case, 1)[0]),
                "one_p50": timed(built, case, 1, 100),
                "many_per_person": timed(built, case, 10_000, 5) / 10_000,
            }
        )
    )


if __name__ == "__main__":
    main()
