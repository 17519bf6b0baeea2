"""The commands of `hotline`, one module each."""
