"""Who, when and in what order: people, the lifecycle, decisions, and the application itself."""
