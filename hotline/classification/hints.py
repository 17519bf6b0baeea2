"""A bot's or IVR's guess is a hint with a weight: it adds to what the text says, and outweighs it where it is surer."""

from hotline.classification.reading import Reading

# Bots are as sure when they are wrong, and err where the reader does: their word counts half, as a logarithm, and none
# is believed to be right more often than this.
WEIGHT, SUREST = 0.5, 0.99
TOPICS = 13  # among which a wrong hint falls


def weighed(reading: Reading, topic: str, confidence: float) -> tuple[str, float]:
    """The likeliest topic by the text and a hint of `topic` together, and how likely it is; both from 0 to 1."""
    likely = dict([(reading.topic, reading.confidence), *reading.alternatives])
    said = likely.get(topic, max(0.0, 1 - sum(likely.values())) / TOPICS)
    sure = min(confidence, SUREST)
    hinted, other = sure**WEIGHT, ((1 - sure) / (TOPICS - 1)) ** WEIGHT
    whole = said * hinted + (1 - said) * other
    found = {one: share * other / whole for one, share in likely.items()} | {topic: said * hinted / whole}
    best = max(found, key=lambda one: (found[one], one))
    return best, min(round(found[best], 4), 0.9999)
