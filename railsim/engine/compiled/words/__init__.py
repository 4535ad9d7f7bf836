"""The six words as kernels: who waits, who is let in, and what a step sets going."""
