"""What several sources say differently: as each reader may see it, and the owner's word on it.

Start here: `views.py`.
Not to be confused with: `services/lookups`.
"""
