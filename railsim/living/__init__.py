"""Years one after another: what a year offers, and what shippers learn from it."""
