"""Which pieces of the pages of the workspace are written once?"""
