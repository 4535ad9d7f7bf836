"""What merged tables must fulfil before they become a scenario."""
