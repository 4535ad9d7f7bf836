"""Gates: what must hold of a run or a sweep, with the noise of its numbers in mind."""
