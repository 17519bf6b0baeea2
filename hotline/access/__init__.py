"""Who may come in and who may see what: people, sessions, keys and guards."""
