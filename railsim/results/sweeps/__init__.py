"""Sweeps on disk: parts that survive anything, and the tables collected from them."""
