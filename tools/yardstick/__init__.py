"""Understanding measured on the frozen yardsticks (tests/yardsticks/README.md): `python -m tools.yardstick` writes docs/understanding.md."""
