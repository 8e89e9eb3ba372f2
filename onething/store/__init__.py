"""The record: PostgreSQL through asyncpg, SQL in `sql/*.sql` by name, one repository module per aggregate, one door for events.

Never imports temporalio or fastapi; nothing that a rule reads comes from the database's clock.
"""
