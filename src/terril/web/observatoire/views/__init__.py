"""Which screens does the observatory have, by audience?"""
