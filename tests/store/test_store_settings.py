"""Settings that are read where they are needed."""

from __future__ import annotations

from datetime import date

import pytest

from store.settings import SettingsError, current_day, load_settings


def test_the_day_is_fixed_by_the_environment_or_is_today() -> None:
    assert current_day({"REDRESS_TODAY": "2026-11-24"}) == date(2026, 11, 24) and current_day({}) == date.today()
    with pytest.raises(SettingsError, match="REDRESS_TODAY"):
        current_day({"REDRESS_TODAY": "yesterday"})


@pytest.mark.parametrize(("text", "port"), [("", None), ("0", None), ("1", 9464), (" 9100 ", 9100)])
def test_metrics_are_off_or_at_a_port(text: str, port: int | None) -> None:
    assert load_settings({"REDRESS_METRICS": text}).metrics_port == port


@pytest.mark.parametrize("text", ["yes", "80", "65536", "0.0.0.0:9100", "-1"])
def test_metrics_are_nowhere_else(text: str) -> None:
    with pytest.raises(SettingsError, match="REDRESS_METRICS"):
        load_settings({"REDRESS_METRICS": text})
