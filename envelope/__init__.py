"""What the gateway, the Rasa server and the action server say to each other: types with named fields, read the same at both ends.

Standard library only and good for Python 3.10, since all three load it. Each `read` refuses what does not fit with an `EnvelopeError`
that names the field; each `to_json` is what the other end reads. Fields may be added, never change their meaning; a message of an older
version reads with the defaults of what it lacks.
"""

from envelope.answer import Extras
from envelope.errors import EnvelopeError
from envelope.parse import ClauseFact, ParsedClause, Understood, calmed
from envelope.turn import VERSION, Metadata

__all__ = ["VERSION", "ClauseFact", "EnvelopeError", "Extras", "Metadata", "ParsedClause", "Understood", "calmed"]
