"""Effects: one attempt at one command each. May use the domain, temporalio and Protocols of their collaborators.

An attempt first asks the gateway what there is to do, does it with the command's key, and records the outcome there.
Nothing personal ever goes into an argument, a result or a failure.

Start here: `ports.py`, what an attempt needs of others; `lookups.py`, the commonest one.
Not to be confused with: `onething/connectors`, which make the call, and `workflows`, which order the attempt.
"""
