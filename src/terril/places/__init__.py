"""Which points lie in which territory, and what is told of them?"""
