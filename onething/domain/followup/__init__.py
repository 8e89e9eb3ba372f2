"""What people say of how it goes: urging (催办), supervision (督办), ratings (好差评).

Start here: `urges.py`, `ratings.py`; `visits.py` for what is rated without a case changing.
Not to be confused with: `domain/deadlines/escalation.py`, the warnings that come by themselves.
"""
