"""Requests on tables: columns, features, described patients."""
