"""The agent at work: what they say of themselves, whether they are there, and how much they have in hand."""
