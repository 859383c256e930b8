"""Language and deleting: both are the gateway's, so an answer carries what it has to do."""

from __future__ import annotations

from babel import Locale

from actions.turn import Button, Turn, _
from calculator.translation import languages

WHICH_LANGUAGE = _("Which language do you want?")
LANGUAGE_SET = _("We go on in this language.")
DELETED = _("Everything you wrote here is deleted now.")
DELETED_DEVICE = _("This does not delete the history of your browser or messages in another app.")


def language(turn: Turn) -> None:
    """Offer each language by its own name; one that was named is set at once by the gateway."""
    chosen = turn.entities.get("language")
    if chosen in languages():
        turn.language = str(chosen)
        turn.say(LANGUAGE_SET, extra={"set": {"language": chosen}})
        return
    buttons = [Button(str(Locale.parse(code).get_display_name(code)).capitalize(), f'/change_language{{"language": "{code}"}}')
               for code in languages()]
    turn.say(WHICH_LANGUAGE, buttons=buttons)


def delete(turn: Turn) -> None:
    """Gone at once; the gateway wipes its own row when it has passed this answer on."""
    turn.case, turn.interview, turn.asked = {}, {}, None
    turn.say_lines([turn.translate(DELETED), turn.translate(DELETED_DEVICE)], extra={"wipe": True})
