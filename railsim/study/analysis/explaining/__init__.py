"""Which input explains an answer, and where something happens."""
