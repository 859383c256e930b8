"""Organisations, their members, and the cases that only they can read (docs/decisions/0032-cases-nobody-else-can-read.md)."""
