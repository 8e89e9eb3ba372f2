"""OneThing: an engine for 一件事, one life or business event handled as one application.

Rules are pure (`domain`), the record is PostgreSQL (`store`), everything that takes time is Temporal (`workflows`).
"""

__version__ = "0.1.0"
