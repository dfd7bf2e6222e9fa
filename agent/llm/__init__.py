"""Language models: a server's, the embedded planner, and a scripted one for tests."""
