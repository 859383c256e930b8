"""People who talk to the three real servers."""

from __future__ import annotations

from typing import Any

import pytest
from person import Person

from cli.stack import Stack


@pytest.fixture
def person(stack: Stack) -> Any:
    def begin(language: str = "en", country: str | None = None) -> Person:
        return Person(stack.url, language, country)

    return begin
