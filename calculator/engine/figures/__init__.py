"""What figures are: dated parameters of a pack, and the units that values are measured in."""
