"""Importing tickets with the history they had elsewhere (B34).

`history` is what the source says, `sifting` finds what of it is news, `preparing` makes the ground, `reliving` lives it
again, `keeping` writes it down, and `importing` does all that for a batch.
"""
