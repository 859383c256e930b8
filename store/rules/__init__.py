"""Releases of the rules: how one is made, approved by a second person, comes into force, and is taken up by every process."""
