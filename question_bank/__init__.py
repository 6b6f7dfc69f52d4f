"""How to ask and mark: items, papers, sittings. Knows candidates as people, nothing of stages."""
