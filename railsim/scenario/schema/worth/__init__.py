"""What a scenario may say about building, paying for and judging new lines."""
