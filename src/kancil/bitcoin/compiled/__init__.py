"""How Numba's kernels are compiled and kept, and the hashes that kernels share."""
