"""
Data checks 数据审核 (K4): pure functions over a frozen dossier, each yielding what it noticed.

Which are hard, soft or hints, and their thresholds, is the profile's. Words stand in `kernel/words/check.yaml`.
"""
