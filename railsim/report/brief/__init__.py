"""A brief for those who decide: each number a reference, each claim as sure as said."""
