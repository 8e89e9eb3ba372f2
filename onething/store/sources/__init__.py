"""What workers share about data sources: records used again, rates, slots, figures, poll addresses.

Start here: `record_cache.py`.
Not to be confused with: `onething/connectors`, which calls them.
"""
