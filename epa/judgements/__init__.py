"""One assessor's judgement on one KSB with its evidence; shared by the methods that are judged."""
