"""`EventLog` -> `Service`: what a simulated year offered."""
