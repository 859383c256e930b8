"""Whether the pages on which the rules were read still say so."""
