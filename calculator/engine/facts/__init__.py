"""What the case says, as the engine reads it."""
