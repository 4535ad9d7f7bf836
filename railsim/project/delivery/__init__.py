"""How long, how dear, how late: what a quantile of luck makes of a plan."""
