"""Breaks one part at a time and writes down what a person sees meanwhile: `make faults` (docs/faults.md)."""
