"""A run on the screen: markets, verdicts, warnings."""
