"""What a client agrees to before an advice centre keeps what she told; the same words in the chat and read out by a worker."""

from __future__ import annotations

from calculator.translation import _

CONSENT = _(
    "I agree that this advice centre keeps what I told, to work out what I can claim. It gives it to nobody without asking me. "
    "I can say stop at any time. Then everything is deleted."
)
