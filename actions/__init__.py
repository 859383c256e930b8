"""Rasa custom actions: facts in, calculator out, finished text in the person's language."""
