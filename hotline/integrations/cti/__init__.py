"""Call events of telephone exchanges: a call begins, is answered, ends."""
