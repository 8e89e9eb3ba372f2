"""One revision per SQL file of the same name."""
