"""Bitcoin: from the bytes of blocks to columns, and from columns to an answer.

Bytes come from exhibits. `parse` turns them into `columns` by compiled kernels (`kernels`,
`blockread`, `sha256`, `memory`), `scriptkind` names the forms of output scripts; chains of blocks,
addresses, labels, the spend graph, traces, clusters and heuristics stand above. `generator` makes
chains whose truth is known. What is not in the blocks held is
unknown, never guessed. Scripts and signatures are not validated.
"""
