"""Typed things that a request names: paths, molecules, models, articles, datasets, quotations."""

from agent.llm.embedded.mentions.finder import MentionFinder
from agent.llm.embedded.mentions.mention import Mention, blank

__all__ = ["Mention", "MentionFinder", "blank"]
