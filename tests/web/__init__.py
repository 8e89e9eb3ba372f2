"""Pages, looked at in a real browser: what people see, by keyboard and finger, with scripts and without."""
