"""What if we do not know? Replications now; designs and sweeps stand on the same."""
