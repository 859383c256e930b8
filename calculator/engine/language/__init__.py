"""The step language: what holds for every expression, whatever it is made of."""
