"""The order of an apply: what must hold at every instant of it, whatever fails."""
