"""A text held against a run: which figures of it the run has too, and whether they agree."""
