"""Evidence: exhibit bytes come in (intake), rest unchanged (vault), and are copied out (backup).

Bytes come from files, folders or standard input; they go to the vault, and their digests to the
ledger by way of custody.
"""
