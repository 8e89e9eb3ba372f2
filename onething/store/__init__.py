"""The store room: the record of every case in PostgreSQL, and the one writer through which it changes.

SQL lives here only: named queries, beside the module that runs them and under its name, and the schema. Uses asyncpg
and the domain; knows no Temporal and no HTTP. Runs as `onething_api`, `onething_worker` or, while a case is written
as `onething_writer`.

Start here: `record/case_writer.py`, the only writer of a case; `tables/`, one repository a table.
Not to be confused with: `onething/services`, which says what is written and when.
"""
