"""The demo: three cases played by real HTTP clients, each told afterwards line by line, with a verdict.

Knows the API and the simulator's control only through HTTP. A story that ends otherwise than it should fails the demo.
"""
