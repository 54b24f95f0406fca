"""Which screens has the atelier?"""
