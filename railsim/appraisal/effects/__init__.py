"""What a project changes, effect by effect: users, producers, others, capital."""
