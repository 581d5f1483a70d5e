"""The money graph: one question to a chain, drawn as nodes and edges that open step by step.

`query.py` is what is asked; `traced.py` (under a policy) and `browsed.py` (the chain alone) give
the net of coins that it reaches, `folding.py` folds it to what a person can read, `placing.py` puts
it from left to right, and `explore.py` joins them. `twin.py` says the same as a table, `drawing.py`
draws the file. Plain values in and out; no framework, no network. `docs/reference/money-graph.md`.
"""
