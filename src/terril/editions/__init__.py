"""How is what was computed sealed once for all, opened, traced and compared?"""
