"""From the outcomes of all replications to tables with intervals."""
