"""vLLM in an environment of its own: installed, started, looked at."""
