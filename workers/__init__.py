"""The processes beside the web: one thin run() each. They import hotline; hotline never imports them."""
