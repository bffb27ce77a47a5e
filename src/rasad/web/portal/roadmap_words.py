"""What the codes in the tables of the roadmap are called."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

STATES: dict[str, Promise] = {
    "waiting": gettext_lazy("not begun"),
    "going": gettext_lazy("under way"),
    "done": gettext_lazy("done"),
    "stopped": gettext_lazy("given up"),
}
STARTS: dict[str, Promise] = {
    "project": gettext_lazy("as the project says"),
    "payment": gettext_lazy("its first payment"),
    "progress": gettext_lazy("its first report of progress"),
}
LEFT: dict[str, Promise] = {
    "budget": gettext_lazy("promised less paid"),
    "progress": gettext_lazy("by its report of progress"),
    "done": gettext_lazy("done"),
}
CHANGES: dict[str, Promise] = {
    "added": gettext_lazy("put in"),
    "dropped": gettext_lazy("left out"),
    "past": gettext_lazy("its years are over"),
    "changed": gettext_lazy("other cost"),
}
PARTS: dict[str, Promise] = {
    "goal": gettext_lazy("Goal"),
    "unit": gettext_lazy("Unit"),
    "district": gettext_lazy("District"),
}
