"""Speed and memory, printed beside the design's targets and as ratios against a baseline run in the same process."""
