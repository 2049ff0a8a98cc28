# A window that a file or a text can be dragged from, at the lower right of the display.
import sys
from pathlib import Path

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk

what = sys.argv[1]
box = Gtk.EventBox()
box.set_size_request(220, 160)
box.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
if what.startswith("/"):
    box.drag_source_add_uri_targets()
    box.connect("drag-data-get", lambda _box, _context, data, *_: data.set_uris([Path(what).as_uri()]))
else:
    box.drag_source_add_text_targets()
    box.connect("drag-data-get", lambda _box, _context, data, *_: data.set_text(what, -1))
window = Gtk.Window(title="drag source", type=Gtk.WindowType.POPUP)
window.move(1200, 720)
window.add(box)
window.show_all()
Gtk.main()
