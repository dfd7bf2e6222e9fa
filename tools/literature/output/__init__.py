"""What tools on literature leave."""
