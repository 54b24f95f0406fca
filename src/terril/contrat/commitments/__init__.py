"""What was promised, who answers for it, and where does it stand?"""
