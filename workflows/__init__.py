"""What takes time: one Temporal workflow per case, which performs commands, keeps the next promise, finishes or undoes.

Imports temporalio, `onething.domain` and activity signatures only; no store, no settings, no clock, no randomness, no sets.
Nothing personal enters a history.
"""
