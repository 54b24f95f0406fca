"""What do the pages of the observatory hold, before they are shown?"""
