"""What closed forms need to know of a plan: moments, rates, closures, rides."""
