"""The terminal itself: output, failures, words for codes.

Start here: `output.py`.
Not to be confused with: `cli/views`.
"""
