"""What was found on the disks of a case, as pages ask for it; the pass itself is of `evidence`."""
