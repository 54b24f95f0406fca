"""How does every page look, and what do pages share?"""
