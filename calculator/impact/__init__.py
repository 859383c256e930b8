"""What a change of the rules changes for people: cases worked out before and after it."""
