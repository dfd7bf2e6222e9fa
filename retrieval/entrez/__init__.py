"""PubMed through NCBI's E-utilities; the only part of the library that uses the network."""
