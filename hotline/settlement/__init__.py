"""What members of a collaboration owe each other for a month, by terms that they agreed; and the statements of it."""
