"""Carries open commands from the record to Temporal, and mends what got lost on the way.

Knows workflows by name and the store by its repositories; has no rules of its own.
"""
