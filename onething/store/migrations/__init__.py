"""Forward-only migrations: plain SQL, applied in order by Alembic. A published file never changes."""
