"""Measures the hotline beside what it is made of, on servers of its own in a folder that is gone afterwards."""
