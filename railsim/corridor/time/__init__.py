"""When: the engine's clock, open hours, times as inverse transforms."""
