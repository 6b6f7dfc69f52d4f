"""A bank to begin with for ST0663's knowledge test and observation: a file for each KSB, and the prompts."""
