"""How long tests wait for what must come: for ever on a calm machine, within the time limit of a test on a busy one."""

from datetime import timedelta

PATIENCE_S = 60.0
PATIENCE = timedelta(seconds=PATIENCE_S)
