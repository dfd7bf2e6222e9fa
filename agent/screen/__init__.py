"""Judges requests before any backend sees them, and hides who they are about."""

from agent.screen.hazards import names_hazard
from agent.screen.redaction import Redaction, redact
from agent.screen.safety import Verdict, screen

__all__ = ["Redaction", "Verdict", "names_hazard", "redact", "screen"]
