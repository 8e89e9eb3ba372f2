"""How long tests wait for what must come: a busy machine takes its time, and waiting costs nothing when it comes soon.

Twice as long, and more, is within the time limit of a test (`timeout` in pyproject.toml).
"""

from datetime import timedelta

PATIENCE_S = 240.0
PATIENCE_MS = int(PATIENCE_S * 1000)
PATIENCE = timedelta(seconds=PATIENCE_S)
