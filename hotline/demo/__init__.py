"""A hotline that fills itself: everything in one place, with invented citizens and agents."""
