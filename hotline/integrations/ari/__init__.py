"""A telephone exchange whose calls the hotline itself leads: Asterisk, by its REST interface and its events."""
