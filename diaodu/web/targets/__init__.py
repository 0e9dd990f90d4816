"""What is wanted: a year's targets as versions of a tree, taken apart by unit, month and person."""
