"""The storm: many cases by real HTTP clients while processes are killed and sources fail, then a checker.

The clients' own logs, the record, Temporal and the outside world must tell one story. Knows the system from outside
(HTTP, SQL, Temporal's client, signals); the rooms know nothing of it. `python -m chaos --help`.
"""
