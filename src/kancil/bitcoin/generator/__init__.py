"""Generated chains: valid block files of a private network, and the truth about every coin in them.

A generator of test chains knows what nobody knows of the real chain: who owns which address, which
output is change, which transactions are a planted pattern and which are a CoinJoin. Blocks go to
`blk*.dat` files that `kancil.bitcoin.chain.ingest` reads as any others, the truth to tables beside
them. `generate` joins the stages: `economy` plans ordinary life and `stage` the planted patterns,
block by block; `write` (or, signed, `plain`) turns the plan into bytes; `truth` keeps what is true.
"""
