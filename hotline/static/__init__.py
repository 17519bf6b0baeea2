"""The style sheet and script of the pages, and the third-party files that build.py fetches beside them."""
