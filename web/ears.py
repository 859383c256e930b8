"""Hears danger in a text by its letters alone: what stands in for Rasa when it cannot be asked, or is not to be."""

from __future__ import annotations

import logging
from pathlib import Path

from danger.letters import UNSEEN, Letters, LettersError, Look

logger = logging.getLogger(__name__)


class Ears:
    """The learned weights of danger/letters.py, read once; without them every text may be dangerous."""

    def __init__(self, file: Path) -> None:
        self._letters: Letters | None = None
        try:
            self._letters = Letters.load(file)
        except (OSError, LettersError) as error:
            logger.error("%s cannot be read (%s): danger is heard by Rasa alone. Run make build.", file.name, type(error).__name__)

    def look(self, text: str) -> Look:
        """Look at a text of any length: a few milliseconds at most."""
        return UNSEEN if self._letters is None else self._letters.look(text)

    def ready(self) -> bool:
        """True if there is something to hear with."""
        return self._letters is not None
