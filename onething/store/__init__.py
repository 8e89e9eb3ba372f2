"""The store room: the record of every case in PostgreSQL, and the one door through which it changes.

SQL lives here only, in named queries (`sql/`) and the schema (`schema/`). Uses asyncpg and the domain; knows no
Temporal and no HTTP. Runs as `onething_api`, `onething_worker` or, past the door's threshold, as `onething_door`.
"""
