"""What a follow-up time and an event column mean."""
