"""Webhooks: what happens to an integrator's inquiries is sent to an address of theirs."""
