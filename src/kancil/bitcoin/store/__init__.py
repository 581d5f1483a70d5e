"""The store: a whole chain, or all of it from one block on, larger than memory.

`kancil.bitcoin.holdings.store_layout` says what is kept and `kancil.bitcoin.holdings.store_record`
how far it counts. Here `files` and `runs` keep it; `feed` finds and reads blocks, `grow` adds them,
`back` takes some back, `ingest` is one run of it from beginning to end, `opened` gives it to
`kancil.bitcoin.chain.chain` in the columns and graph that any chain has; `verify` checks it all
again, `copy` takes one over.
"""
