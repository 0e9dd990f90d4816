"""Reading a text: its figures with their units, and the sentences they stand in."""
