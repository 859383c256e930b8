"""Routes to money: compiled packs, their evaluation, deadlines, limits and totals."""
