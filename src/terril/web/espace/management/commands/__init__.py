"""Which commands are there for the workspace?"""
