"""The composition root: settings in, processes out. The only room that knows every other.

`api` and `worker` stand apart, so that neither process loads what only the other needs.

Start here: `api.py`, `worker.py`; what both read from the settings is in `common.py`.
Not to be confused with: `onething/settings.py`, the settings themselves, and `onething/embedded`, which starts them.
"""
