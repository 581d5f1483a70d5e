"""Studies: named analyses over a case: asked, run, recorded, run again and compared.

`trace` follows coins; `moneygraph` shows its result and what stands around it, as `drawing` draws
it; `change`, `fiat_value`, `reported` and `findings` answer beside it. Nothing here
writes: the desk records, reports print.
"""
