"""The relay works on the record: its database and roles are those of the store's tests."""

from tests.store.conftest import migrated, stage

__all__ = ["migrated", "stage"]
