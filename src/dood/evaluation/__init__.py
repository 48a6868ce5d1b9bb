"""What the tables measure."""
