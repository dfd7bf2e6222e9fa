"""What models of molecules predict and explain."""
