"""The page of a case as a browser keeps it: what stands in each field, what was shown last, and what a save sends.

Does what web/static/case.js does, line by line, and what a browser does with a form; `seen` is kept beside it: the texts that whoever sits
before this page has before her eyes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from workbench.form import part_at
from workbench.values import AND


@dataclass
class Control:
    """What a field of the page is made of. `kind`: text, select, selects or boxes; `options`: the codes to choose from."""

    kind: str
    options: list[str] = field(default_factory=list)
    #: Lists of one field: so many values can be shown.
    lists: int = 1
    values: list[str] = field(default_factory=list)

    def holds(self, text: str) -> str:
        """What stands in it once a text was put there: a list shows nothing where it has no such choice."""
        if self.kind == "text":
            return text.replace("\r\n", "\n")
        if self.kind == "select":
            return text if text in self.options else ""
        values = text.split(AND) if text else []
        if self.kind == "boxes":
            return AND.join(one for one in self.options if one in values)
        return AND.join(one for one in values[: self.lists] if one in self.options)


@dataclass(frozen=True)
class PutBack:
    """The form under a clash: the text that stands, and the one that was typed."""

    name: str
    now: str
    mine: str


class Html(HTMLParser):
    """The form of a case, its buttons, and the forms under clashes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: dict[str, Control] = {}
        self.hidden: dict[str, str] = {}
        self.buttons: list[str] = []
        self.put_back: list[PutBack] = []
        self._in_case = False
        self._under_clash: dict[str, str] = {}
        self._list: Control | None = None
        self._options: list[str] = []
        self._chosen = ""
        self._area: list[str] | None = None
        self._area_name = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One more tag."""
        told = {key: value or "" for key, value in attrs}
        name = told.get("name", "")
        if tag == "form":
            self._in_case, self._under_clash = told.get("id") == "case", {}
        elif tag == "input" and told.get("type") == "hidden":
            self._under_clash[name] = told.get("value", "")
            if self._in_case and name == "was":
                self.hidden["was"] = told["value"]
        elif not self._in_case:
            return
        elif tag == "input" and told.get("type") == "checkbox":
            boxes = self.fields.setdefault(name, Control("boxes"))
            boxes.options.append(told["value"])
            if "checked" in told:
                boxes.values.append(told["value"])
        elif tag == "input":
            self.fields[name] = Control("text", values=[told.get("value", "")])
        elif tag == "select":
            self._list = self.fields.get(name)
            if self._list is None:
                self._list = self.fields[name] = Control("select")
            else:
                self._list.kind, self._list.lists = "selects", self._list.lists + 1
            self._options, self._chosen = [], ""
        elif tag == "option" and self._list is not None:
            self._options.append(told.get("value", ""))
            if "selected" in told:
                self._chosen = told.get("value", "")
        elif tag == "textarea":
            self._area, self._area_name = [], name
        elif tag == "button":
            self.buttons.append(told.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        """The end of one."""
        if tag == "form":
            if not self._in_case and set(self._under_clash) > {"was"} and len(self._under_clash) == 2:
                (name,) = set(self._under_clash) - {"was"}
                self.put_back.append(PutBack(name, json.loads(self._under_clash["was"])[name], self._under_clash[name]))
            self._in_case, self._under_clash = False, {}
        elif tag == "select" and self._list is not None:
            self._list.options = self._options
            self._list.values.append(self._chosen)
            self._list = None
        elif tag == "textarea" and self._area is not None:
            self.fields[self._area_name] = Control("text", values=["".join(self._area).removeprefix("\n")])
            self._area = None

    def handle_data(self, data: str) -> None:
        """What stands between tags."""
        if self._area is not None:
            self._area.append(data)


class CasePage:
    """The page of one worker, from when it was loaded."""

    def __init__(self, text: str) -> None:
        html = Html(text)
        self.fields = html.fields
        self.was: dict[str, str] = json.loads(html.hidden["was"])
        self.buttons = [one for one in html.buttons if one != "save"]
        self.put_back = html.put_back
        self.now = {
            name: AND.join(filter(None, one.values)) if one.kind != "text" else one.values[0].replace("\r\n", "\n")
            for name, one in self.fields.items()
        }
        self.base = dict(self.now)
        self.focus: str | None = None
        #: The text of each field as the case has it, where this page shows it.
        self.seen = {name: self.was.get(name, "") for name in self.fields}
        #: What a clash on this page says besides.
        self.told: dict[str, set[str]] = {}
        for one in html.put_back:
            self.told.setdefault(one.name, set()).add(one.now)

    def type(self, name: str, text: str) -> None:
        """Somebody types, or chooses."""
        self.now[name] = self.fields[name].holds(text)
        self.focus = name

    def typed(self) -> list[str]:
        """The fields that differ from what was shown last."""
        return [name for name in self.fields if self.now[name] != self.base[name]]

    def body(self, names: list[str]) -> list[tuple[str, str]]:
        """What the script sends: `was`, and the fields that were changed."""
        found = [("was", json.dumps(self.was, ensure_ascii=False))]
        for name in names:
            found += self._values(name, empty_first=self.fields[name].kind in ("boxes", "selects"))
        return found

    def whole(self) -> list[tuple[str, str]]:
        """What a browser sends of the form when one of its buttons loads a page."""
        found = [("was", json.dumps(self.was, ensure_ascii=False))]
        for name in self.fields:
            found += self._values(name, empty_first=self.fields[name].kind == "boxes")
        return found

    def _values(self, name: str, empty_first: bool) -> list[tuple[str, str]]:
        control, text = self.fields[name], self.now[name]
        if control.kind in ("text", "select"):
            return [(name, text.replace("\n", "\r\n"))]
        values = [one for one in text.split(AND) if one]
        return [(name, one) for one in ([""] if empty_first or not values else []) + values]

    def take(self, told: dict[str, Any], sent: dict[str, str]) -> list[PutBack]:
        """What was answered, put onto the page; the clashes it tells. `sent`: what stood in the fields that were sent."""
        before, self.was = self.was, {}
        for name, control in self.fields.items():
            now, shown = self.now[name], told["shown"].get(name, "")
            since = now != (sent[name] if name in sent else self.base[name])
            busy = since or (name == self.focus and now != shown)
            if not busy:
                self.now[name] = control.holds(shown)
            if not since:
                self.base[name] = self.now[name]
            # What she sent stands now, or she is shown what stands in its place.
            if name in sent or (not busy and shows(control, shown)):
                self.seen[name] = told["was"].get(name, "")
            before_or_now = told["was"] if name in sent or (not busy and shows(control, shown)) else before
            if name in before_or_now:
                self.was[name] = before_or_now[name]
        clashes = Html(told["clashes"]).put_back
        for one in clashes:
            self.told.setdefault(one.name, set()).add(one.now)
        self.put_back += clashes
        return clashes

    def has_seen(self, name: str, text: str) -> bool:
        """Whether a text of a field is or was before her eyes on this page."""
        return self.seen.get(name, "") == text or text in self.told.get(name, ())


def shows(control: Control, text: str) -> bool:
    """Whether a control can show all of a text."""
    return control.kind == "text" or sorted(filter(None, control.holds(text).split(AND))) == sorted(filter(None, text.split(AND)))


def is_field(name: str) -> bool:
    """Whether a name is one of the form."""
    return part_at(name) is not None
