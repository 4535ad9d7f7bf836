"""What nobody knows for sure, as distributions, and the points a study looks at."""
