"""The yardstick: the smallest Temporal workflow with the same five decisions, two look-ups and one issue step.

Written as well as one would, and with nothing else: no rules, no record, no rights, no journal.
"""
