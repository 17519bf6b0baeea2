"""SMS through a gateway of the municipality's own: what citizens write comes in, and agents' answers go out."""
