"""Which figures are derived from stated ones?"""
