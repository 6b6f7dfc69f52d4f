"""Client data: a provider's list of clients for a period, its indicators, sample and breakdown."""
