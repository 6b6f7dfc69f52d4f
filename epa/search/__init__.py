"""One box for everything: apprentices, people and organisations, each within the reader's reach."""
