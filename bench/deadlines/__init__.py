"""Promised deadlines against real servers: are they kept to the second, all of them, once, and does work go on."""
