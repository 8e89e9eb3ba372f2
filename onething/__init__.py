"""OneThing: an engine for 一件事, one life or business event handled as one application.

Rules are pure (`domain`), the record is PostgreSQL (`store`), everything that takes time is Temporal (`workflows`).

Start here: `worker.py` and `wiring/` (what runs), `domain/` (what it is about); docs/architecture.md has it all.
Not to be confused with: `workflows`, `activities`, `api` and `definitions`, rooms of the same house at top level.
"""

__version__ = "0.1.0"
