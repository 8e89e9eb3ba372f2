"""The store room: the record of every case in PostgreSQL, and the one door through which it changes.

SQL lives here only, in named queries (`sql/`) and forward-only migrations (`migrations/`). Uses asyncpg, the domain and
security; knows no Temporal and no HTTP. Everything runs as `onething_api`, `onething_worker` or, inside the door, `onething_door`.
"""
