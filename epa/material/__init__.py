"""Supporting material other than portfolio and presentation: asked for, supplied, held to its date."""
