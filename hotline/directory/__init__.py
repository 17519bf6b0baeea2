"""The standing facts: municipalities, collaborations, topics, agents and their skills."""
