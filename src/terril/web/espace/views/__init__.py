"""Which screens has the workspace?"""
