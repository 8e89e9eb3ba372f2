"""What people read must be true: commands, paths, links, settings and containers, checked against the code."""
