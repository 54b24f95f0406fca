"""What do the published figures say, to whoever opens the site?"""
