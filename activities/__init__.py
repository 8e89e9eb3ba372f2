"""What reaches outside: one class per concern, collaborators handed in by constructor and named by a Protocol.

An attempt reads its command first, does the effect under the command's key, records the outcome at the door, and never sleeps.
Never imports fastapi, settings, asyncpg or httpx.
"""
