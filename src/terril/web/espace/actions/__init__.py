"""What may be written in the workspace: one file, one verb?"""
