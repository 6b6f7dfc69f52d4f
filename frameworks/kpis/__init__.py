"""Key performance indicators from a list of clients: reading, working out, drawing a sample.

Tables come in as rows of text, from a CSV file or from anywhere else; figures go out as exact
fractions. Standard library only, apart from the framework's definition.
"""
