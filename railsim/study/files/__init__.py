"""Study files: what may be asked about a scenario nobody knows for sure."""
