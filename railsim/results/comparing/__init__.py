"""Two runs side by side: what was assumed otherwise, what came of it, and why."""
