"""Which figures may not be published?"""
