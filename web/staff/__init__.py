"""Where staff sign in: members of organisations, their keys and their cases."""
