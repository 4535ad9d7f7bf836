"""What a reader should see; reads the results folder only, never the model."""
