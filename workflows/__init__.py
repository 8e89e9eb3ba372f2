"""Temporal workflows: what takes time or reaches outside, in parallel and durable. One workflow per case.

Use temporalio, the domain and activity signatures; never the store, settings, the environment, a clock or randomness.
"""
