"""The bundle: one ZIP file that a stranger checks offline, without Kancil.

`gather.py` reads a chain and a trace, `material.py` is what the proofs hold, `analyse.py` computes
from it every table and page, `write.py` adds custody and signs, `verify.py` checks it all again.
The format is `docs/formats/bundle.md`.
"""
