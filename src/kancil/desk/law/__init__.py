"""The unit's own law: files in the workspace that entries name; no table repeats them."""
