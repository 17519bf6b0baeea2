"""The citizens' own pages: a form or a chat, a receipt, and what became of it, by reference and code."""
