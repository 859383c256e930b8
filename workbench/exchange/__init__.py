"""Cases in files for other programs, and back: tables (CSV) and records of the Human Trafficking Case Data Standard."""
