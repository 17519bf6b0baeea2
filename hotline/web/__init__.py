"""What every page shares: templates, language, formats, static files and the headers that guard them."""
