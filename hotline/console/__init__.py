"""The agent's page: what is before them, and the stream that tells when it changes."""
