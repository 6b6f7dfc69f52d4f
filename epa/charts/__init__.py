"""Charts: where the lines, bars and words of a drawing stand; templates only print them."""
