"""Bitcoin: from the bytes of blocks to columns, and from columns to an answer.

Bytes come from exhibits. `blocks` parses them into columns by compiled kernels, `script` names the
forms of output scripts, `holdings` merges what was found into one chain, `store` keeps a chain
larger than memory, and `chain` opens either. Above it stand `labels`, `coinjoins`, `clusters`,
`change`, `tracing`, `exposure`, `laundering` (patterns) and `export`; `generator` makes chains
whose truth is known, and `evaluation` measures against it. What is not in the blocks held is
unknown, never guessed. Scripts and signatures are not validated.
"""
