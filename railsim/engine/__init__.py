"""What happens: luck, draws, engines, and the log they write."""
