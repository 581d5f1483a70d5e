"""The only room that opens a connection: shut unless an officer names the other end.

`gate` says whether an address may be spoken to, `window` exchanges one request and one answer
within limits, `bitcoin_node` asks a node, `catch_up` fetches the blocks that a chain lacks, and
`fetched` keeps them on disk. Nothing here is imported until `kancil bitcoin catch-up` runs.
"""
