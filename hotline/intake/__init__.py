"""A call, form or mail becomes an inquiry."""
