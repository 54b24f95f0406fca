"""Which screens have the people of the site?"""
