"""Which pieces of a page are written once?"""
