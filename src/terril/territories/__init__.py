"""Which territories are there, how are they named, and who lies in whom?"""
