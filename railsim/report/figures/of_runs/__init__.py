"""Pictures of a run of a scenario."""
