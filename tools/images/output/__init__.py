"""What tools on images leave."""
