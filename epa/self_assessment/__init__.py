"""What a provider's people say of their own service: ratings, evidence, tasks, handing in."""
