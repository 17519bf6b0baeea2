"""Citizens' identities: found, taken out, kept sealed, erased."""
