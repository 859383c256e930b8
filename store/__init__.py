"""What the product keeps: settings, key files, and the database (conversations, rule releases)."""
