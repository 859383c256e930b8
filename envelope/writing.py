"""How languages are written, where it matters to how a text is cut."""

from __future__ import annotations

import re

#: A sign of a writing that puts no space between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
