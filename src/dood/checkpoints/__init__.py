"""Files of weights: what they hold, the header that says where they come from, and how they are read and written."""
