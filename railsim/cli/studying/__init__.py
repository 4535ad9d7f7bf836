"""Commands for what nobody knows for sure: sweeps and what they say."""
