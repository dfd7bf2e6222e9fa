"""Leads for research: links that no article states, but two chains of articles suggest.

Swanson's ABC: A and B occur together in some articles, B and C in others, A and C in none. Swanson
1986, doi:10.1353/pbm.1986.0087.
"""
