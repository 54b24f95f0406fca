"""Where do residents and councillors write, and where does everybody read what became of it?"""
