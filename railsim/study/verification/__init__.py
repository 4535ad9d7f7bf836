"""The proof that anyone can run: formulas, queues, conservation."""
