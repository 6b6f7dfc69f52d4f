"""What pages and saves cost with many apprentices, each beside a bare view that does the same."""
