"""The composition root: settings in, processes out. The only room that knows every other.

`api` and `worker` stand apart, so that neither process loads what only the other needs.
"""
