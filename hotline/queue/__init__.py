"""What waits, as the router and as people see it."""
