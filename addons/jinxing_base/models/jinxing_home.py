import ast
from dataclasses import dataclass

from lxml import etree

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

#: The rooms of the first screen, in their order (G3.3).
ROOMS = ("service", "parts", "information", "training")


@dataclass(frozen=True)
class Tile:
    """One number of the first screen and the list it was counted from.

    ``action`` is the XML id of a window action, ``filters`` names filters of its search view: they
    count, and they are what the list opens with. ``alarm`` marks what should be nought.
    """

    room: str
    action: str
    filters: tuple[str, ...] = ()
    alarm: bool = False

    @property
    def key(self) -> str:
        return ":".join((self.action, *self.filters))


class JinxingHome(models.AbstractModel):
    """The first screen of each role: service, parts, information and training in one (G3.3)."""

    _name = "jinxing.home"
    _description = "First Screen"

    @api.model
    def _first_screen(self):
        """Return the XML id of the action on what is due for the user.

        Addons above name theirs by the role, the highest one first, and call super for the rest.
        """
        return "jinxing_base.jinxing_bulletin_action"

    @api.model
    def _open_first_screen(self):
        """Return the action itself, as the client opens it."""
        return self.env["ir.actions.actions"]._for_xml_id(self._first_screen())

    @api.model
    def _tiles(self):
        """Return the :class:`Tile` objects of the user's roles.

        Addons above add theirs. What the user may not read is left out by :meth:`get_home`.
        """
        return [
            Tile("information", "jinxing_base.jinxing_bulletin_action"),
            Tile("information", "jinxing_base.jinxing_clause_action"),
        ]

    @api.model
    def _has_role(self, *roles):
        """Whether the user has one of the house's roles, by the names of their groups."""
        return any(self.env.user.has_group(f"jinxing_base.group_{role}") for role in roles)

    @api.model
    def get_home(self):
        """Return the rooms with their tiles, and the latest bulletins.

        :return: ``rooms``: key, and tiles with key, name, hint, count and alarm;
            ``bulletins``: id, name and date, the newest first
        :raises AccessError: the user does not belong to the house
        """
        if not self.env.user._is_internal():
            raise AccessError(self.env._("This list is not for you."))
        rooms = {room: [] for room in ROOMS}
        for tile in self._tiles():
            action, model, filters = self._look_up(tile)
            if model is None:
                continue
            domain = Domain.AND(
                [Domain(ast.literal_eval(action["domain"] or "[]"))]
                + [domain for _name, domain in filters]
            )
            rooms[tile.room].append(
                {
                    "key": tile.key,
                    "name": action["name"],
                    "hint": ", ".join(name for name, _domain in filters),
                    "count": model.search_count(domain),
                    "alarm": tile.alarm,
                }
            )
        bulletins = self.env["jinxing.bulletin"]
        latest = bulletins
        if bulletins.has_access("read"):
            today = fields.Date.context_today(self)
            latest = bulletins.search_fetch([("date", "<=", today)], ["name", "date"], limit=5)
        return {
            "rooms": [
                {"key": room, "tiles": tiles}
                for room, tiles in rooms.items()
                if tiles or (room == "information" and latest)
            ],
            "bulletins": [
                {"id": bulletin.id, "name": bulletin.name, "date": bulletin.date}
                for bulletin in latest
            ],
        }

    @api.model
    def open_tile(self, key):
        """Return the action a tile of this user opens, with its filters set.

        :raises UserError: no tile of his has this key
        """
        for tile in self._tiles():
            if tile.key == key:
                action, model, _filters = self._look_up(tile)
                if model is None:
                    raise AccessError(self.env._("This list is not for you."))
                context = {
                    name: value
                    for name, value in ast.literal_eval(action["context"] or "{}").items()
                    if not name.startswith("search_default_")
                }
                context.update({f"search_default_{name}": 1 for name in tile.filters})
                return {**action, "context": context}
        raise UserError(self.env._("This list is not for you."))

    @api.model
    def _look_up(self, tile):
        """Return a tile's action, its model if the user may read it, and its filters."""
        action = self.env["ir.actions.actions"]._for_xml_id(tile.action)
        groups = self.env.ref(tile.action).sudo().group_ids  # sudo: an action's own groups
        model = self.env[action["res_model"]]
        if not model.has_access("read") or (groups and not groups & self.env.user.all_group_ids):
            return action, None, []
        view = action.get("search_view_id")
        arch = model.get_view(view and view[0] or False, "search")["arch"]
        nodes = {node.get("name"): node for node in etree.fromstring(arch).iter("filter")}
        filters = [
            (
                nodes[name].get("string"),
                Domain(safe_eval(nodes[name].get("domain"), {"uid": self.env.uid})),
            )
            for name in tile.filters
        ]
        return action, model, filters
