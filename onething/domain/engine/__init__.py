"""The only room that knows every concern: `step`, the guards in front of it, snapshots, replay, forecast.

Start here: `step.py`.
Not to be confused with: `domain/kernel`, which the concerns stand on.
"""
