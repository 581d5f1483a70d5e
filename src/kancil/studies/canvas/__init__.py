"""The canvas: one picture that an officer builds of several sources, and what a click on it tells.

`view.py` is the picture as it is saved; `source.py` what a source brings; `picture.py` draws a view
over one chain; `levels.py` draws it by address or entity, `paths.py` and `follow.py` read the way
of coins, `summary.py` says what its author hid. Plain values; no framework. `docs/formats/view.md`.
"""
