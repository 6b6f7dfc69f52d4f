"""How questions and papers behave: measures, intervals, flags, markers' agreement."""
