"""
Texts into tasks: a speech or minutes in, a list for review out, each task with the span it came from (tag S2).

`decompose(raw=...)` is the face. Django-free; rules and words stand in the YAML files beside the code.
"""

from luodi.supervision.texts.decompose import decompose
from luodi.supervision.texts.values import Answer, Event, Task

__all__ = ["Answer", "Event", "Task", "decompose"]
