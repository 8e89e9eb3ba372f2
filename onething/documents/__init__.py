"""Documents for people: certificates and notices, set with typst from templates in this room.

Text comes in, a PDF goes out; whole names, rare characters included.
"""
