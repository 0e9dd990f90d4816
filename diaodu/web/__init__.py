"""The first floor: Django rooms over the engine. docs/desk.md says what stands in which."""
