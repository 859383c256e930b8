"""The lawyer's guide: what it tells people to write checks, and comes to what it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from calculator import yaml12
from calculator.examples import differences
from calculator.packs.load import Rules, build_pack
from calculator.packs.model import Example

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "writing-rules.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)


def block(start: str) -> Any:
    """The YAML block of the guide that begins with these words."""
    found = [yaml12.load(text) for text in BLOCKS if text.lstrip().startswith(start)]
    assert len(found) == 1, f"the guide has {len(found)} blocks that begin with {start!r}"
    return found[0]


def figure(name: str, unit: str, value: Any) -> dict[str, Any]:
    return {
        "id": name,
        "title": name,
        "unit": unit,
        "source": "victims_act",
        "confidence": "official",
        "values": [{"from": "2000-01-01", "value": value}],
    }


def guide_pack() -> Any:
    """A pack made of the guide's own blocks, and the few figures it only names."""
    route = {
        "id": "state-fund",
        "kind": "state_fund",
        "name": "Money from the fund",
        "authority": "The fund.",
        "legal_basis": ["Act"],
        "source": "victims_act",
        "steps": ["Ask."],
        "documents": [{"id": "identity"}],
        **block("conditions:"),
        **block("heads:"),
        **block("deadlines:"),
    }
    wages = {
        "id": "wages",
        "kind": "labour_claim",
        "name": "Wages",
        "authority": "A court.",
        "legal_basis": ["Act"],
        "source": "wage_act",
        "conditions": [{"id": "worked_here", "source": "wage_act", "test": {"fact": "job.exists", "said": True}}],
        "heads": [
            {"head": "back_pay", "payer": "employer", "result": {"back_pay": "work"}},
            {"head": "physical_injury", "payer": "state", **block("result: {ranked")},
            {
                "head": "permanent_deficit",
                "payer": "state",
                "result": {"param": "by_degree", "at": "act.end", "key": "harm.permanent_impairment_percent"},
            },
        ],
        **block("pay_rules:"),
        "gaps": ["A gap."],
    }
    sources = {name: {"title": name, "kind": "official"} for name in ("wage_act", "victims_act", "tariff_order")} | block("decree_2027:")
    rows = [{"upto": 1, "value": 1}, {"value": "0.3"}]
    degrees = [{"upto": 20, "value": 500}, {"value": 900}]
    parameters = [
        *block("- id: minimum_wage\n"),
        *[{**p, "source": "wage_act", "confidence": "official"} for p in block("- id: minimum_wage_young")],
        *block("- id: injury_tariff"),
        {**figure("weights", "share", 0), "by": "number", "values": [{"from": "2000-01-01", "rows": rows}]},
        {**figure("by_degree", "EUR", 0), "by": "number", "values": [{"from": "2000-01-01", "rows": degrees}]},
        figure("builders_wage", "EUR/hour", 15),
        figure("apprentice_wage", "EUR/hour", 6),
        figure("week_cap", "EUR", 600),
        figure("years_to_apply", "year", 3),
    ]
    return build_pack(
        "NL",
        {
            "NL/jurisdiction.yaml": {
                "code": "NL",
                "country": "NL",
                "name": "Netherlands",
                "currency": "EUR",
                "languages": ["nl"],
                "sources_checked_on": "2026-11-26",
            },
            "NL/sources.yaml": sources,
            "NL/parameters/all.yaml": parameters,
            "NL/routes/state-fund.yaml": route,
            "NL/routes/wages.yaml": wages,
            "NL/injuries.yaml": block("- {codes:"),
        },
    )


def test_the_blocks_of_the_guide_make_a_pack_that_checks() -> None:
    assert set(guide_pack().routes) == {"state-fund", "wages"}


def test_the_example_of_the_guide_comes_out_to_the_cent() -> None:
    rules = Rules({"NL": guide_pack()}, "guide")
    for raw in block("- id: three-months-off-work"):
        assert differences(Example.model_validate(raw), rules, "NL") == []


@pytest.mark.parametrize("command", re.findall(r"^\.venv/bin/redress ([a-z ]+)", GUIDE, re.MULTILINE))
def test_every_command_of_the_guide_exists(command: str) -> None:
    from typer.main import get_command

    from cli.main import app

    found: Any = get_command(app)
    for word in command.split():
        if not hasattr(found, "commands"):
            break
        assert word in found.commands, f"there is no command {word}"
        found = found.commands[word]
