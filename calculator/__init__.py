"""The rule engine: facts in, an honest estimate out. Pure: no clock, no network, no environment."""
