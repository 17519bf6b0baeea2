"""What an agent does with an accepted inquiry until it ends."""
