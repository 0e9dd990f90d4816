"""The proofreader: a text by anyone → Claims, each figure checked against the text around it."""
