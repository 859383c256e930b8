"""Settings that are read where they are needed."""

from __future__ import annotations

from datetime import date

import pytest

from store.settings import SettingsError, current_day


def test_the_day_is_fixed_by_the_environment_or_is_today() -> None:
    assert current_day({"REDRESS_TODAY": "2026-11-24"}) == date(2026, 11, 24) and current_day({}) == date.today()
    with pytest.raises(SettingsError, match="REDRESS_TODAY"):
        current_day({"REDRESS_TODAY": "yesterday"})
