"""Figures of the municipalities, summed from the journal."""
