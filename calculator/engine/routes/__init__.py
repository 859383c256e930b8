"""Routes to money: compiled packs, their evaluation, deadlines, caps and totals."""
