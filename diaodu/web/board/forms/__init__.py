"""What is asked on the pages of the board, a module each kind."""
