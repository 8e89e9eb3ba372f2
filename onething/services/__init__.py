"""A room per concern, a file per act (submit, decide, withdraw, …): authorise, unseal, compile, record.

What the API, the pages and the CLI all do stands here once. No SQL, no HTTP, no Temporal.

Start here: `core/context.py`, what every act has at hand; then the room of a concern, whose file is the act.
Not to be confused with: `onething/domain`, which says what may happen and what follows; services ask it.
"""
