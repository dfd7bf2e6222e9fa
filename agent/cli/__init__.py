"""The command line; each module is one command or group, and imports what it needs when called."""
