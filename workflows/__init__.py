"""Temporal workflows: what takes time or reaches outside, in parallel and durable. One workflow per case.

Use temporalio, the domain and activity signatures; never the store, settings, the environment, a clock or randomness.

Start here: `case.py`; `command_runner.py` has the open commands, `wake_timer.py` the next moment.
Not to be confused with: `onething/domain/engine`, which decides what is to be done; a workflow only has it done.
"""
