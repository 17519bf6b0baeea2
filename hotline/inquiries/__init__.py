"""The noun: what an inquiry is, where it may be, what happened to it, and who may see it."""
