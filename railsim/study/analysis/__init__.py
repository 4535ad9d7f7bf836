"""What a sweep says: which input matters, where a verdict turns, what to decide."""
