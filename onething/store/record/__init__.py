"""The record of a case and its only writer: journal, chain, state, commands, outbox, due moments.

Start here: `case_writer.py`.
Not to be confused with: `store/tables`, which reads.
"""
