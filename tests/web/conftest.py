"""For now."""

from tests.api.conftest import fresh_town, migrated, town

__all__ = ["fresh_town", "migrated", "town"]
