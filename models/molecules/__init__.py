"""Small molecules: chemistry, generation, design, properties, affinity, docking."""
