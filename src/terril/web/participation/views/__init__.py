"""Which pages does each audience see?"""
