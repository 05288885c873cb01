"""Working days: see `calendar`. This is the face that other packages import."""

from luodi.kernel.workdays.calendar import Calendar, DayFact, NoCalendar, load_calendar
from luodi.kernel.workdays.rows import Layer, Row, layer_of, read_layer

__all__ = ["Calendar", "DayFact", "Layer", "NoCalendar", "Row", "layer_of", "load_calendar", "read_layer"]
