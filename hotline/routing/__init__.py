"""The pure core: facts in, decisions with reasons out. Imports the standard library only."""
