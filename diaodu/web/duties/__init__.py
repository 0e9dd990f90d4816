"""督办: duties from a decision to their proof."""
