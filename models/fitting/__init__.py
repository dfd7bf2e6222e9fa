"""How fits run: seed and time, threads, hardware, executors, schedules."""
