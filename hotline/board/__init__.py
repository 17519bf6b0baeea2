"""What the secretariat sees of the day."""
