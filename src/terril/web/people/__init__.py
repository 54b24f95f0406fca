"""Who are the people, and what may they do?"""
