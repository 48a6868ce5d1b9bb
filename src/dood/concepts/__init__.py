"""One example to many: tokens of a type, the match of a token with an image, completions of a part."""
