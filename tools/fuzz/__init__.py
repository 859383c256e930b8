"""Fuzzers: people who write anything, and cases nobody has."""
