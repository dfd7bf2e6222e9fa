"""The LangGraph agent, its language models, threads and command line."""
