"""What to do, where a verdict turns, and what knowing more is worth."""
