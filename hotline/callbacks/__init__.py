"""The citizen is rung instead of waiting: who asks for it, until when it is parked, what puts it back."""
