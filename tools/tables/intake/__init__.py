"""What trainers on tables share."""
