"""Which commands are there for the people of the site?"""
