"""What may be written in the atelier: one file, one verb?"""
