"""Does an address lie in a neighbourhood, outside, or can it not be told?"""
