"""What one must know to answer: guidance for each topic, common to all or a municipality's own, kept by its editors."""
