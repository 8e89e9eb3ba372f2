"""Channels that carry notices to people, behind one gateway; templates are named by code.

No name, number or address is ever logged.
"""
