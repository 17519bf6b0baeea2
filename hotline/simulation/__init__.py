"""Days that were, or might be, run through the decisions of the live hotline on a clock of their own."""
