"""What do the pages of the directory show?"""
