"""Where are the tables? Summaries of outcomes, the folder of a run, its reading."""
