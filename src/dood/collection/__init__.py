"""Parsing of millions of pictures: shards, records and the manifest of a run that goes on where it was stopped."""
