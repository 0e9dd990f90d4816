"""How fast, each against a baseline measured in the same run: `python -m bench`.

A baseline's time counts only after its results were found equal to ours. Every benchmark runs in
a process of its own, so that its peak memory is its own.
"""
