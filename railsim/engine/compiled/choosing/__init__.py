"""Shippers as kernels: shares, learning, and stranded lots that choose again."""
