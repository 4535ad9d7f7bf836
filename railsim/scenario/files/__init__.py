"""From bytes on disk to merged tables that know where each value was written."""
