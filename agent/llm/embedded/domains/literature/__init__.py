"""Requests on literature: topics, years, links, mining."""
