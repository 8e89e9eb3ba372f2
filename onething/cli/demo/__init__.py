"""The demo: four cases played by real HTTP clients, each told afterwards line by line, with a verdict.

Knows the API and the simulator's control only through HTTP. A story that ends otherwise than it should fails the demo.

Start here: `command.py`; then a story, `enterprise.py`.
Not to be confused with: `onething/connectors/simulator`, the outside world that the stories are played against.
"""
