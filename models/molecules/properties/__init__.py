"""Models of properties of molecules, learnt from structures."""
