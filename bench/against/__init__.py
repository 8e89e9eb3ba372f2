"""`python -m bench --against REV`: this checkout beside another commit of the repository, each with all of its own.

Start at `run`. `revisions` says which commit is meant, `checkout` sets it up in a folder of its own, `side` speaks to
the `bench.driver` of one side, `pairing` says who goes when, `figures` judges, `report` shows. `before_house` is the
driver of the commits that have none.
"""
