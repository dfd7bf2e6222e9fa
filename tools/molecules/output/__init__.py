"""What tools on molecules leave."""
