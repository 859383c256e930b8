"""A support worker's case: its form, what is typed into it, what follows from it. Pure: no web, no database."""
