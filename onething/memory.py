"""How a long-lived process has its memory looked after."""

import gc

_NEW_OBJECTS = 10_000  # before the collector looks at them; its own default, 700, is a request or two


def settle_in() -> None:
    """What has been made so far stays for good: the collector need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)
