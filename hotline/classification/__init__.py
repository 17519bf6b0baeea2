"""Words to topic, language and urgency."""
