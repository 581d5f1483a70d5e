"""Tables that others made: exchange returns, bank statements, explorers' exports, price lists.

Bytes come from an exhibit or a file; a *mapping* that an officer decides says which column is what;
stated transfers, prices and skips go out. A machine may suggest a mapping, and says why; it decides
nothing that the table does not say.
"""
