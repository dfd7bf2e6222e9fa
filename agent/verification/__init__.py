"""Answers are traced to what was retrieved or computed: numbers, quotations, citations, sense."""
