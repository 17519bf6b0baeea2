"""A match held for one agent for a short while: made, accepted, refused, lapsed or withdrawn."""
