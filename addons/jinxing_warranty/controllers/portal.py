from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.service_day import service_day
from .photo import read_photo

STEP = 20


class MachinePortal(CustomerPortal):
    """A dealer's or an owner's machines and cards."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "machine_count" in counters:
            lots = request.env["stock.lot"]
            allowed = lots.has_access("read")
            values["machine_count"] = lots.search_count(self._machine_domain()) if allowed else 0
        return values

    @staticmethod
    def _machine_domain():
        """Return the machines of one's own company: the rule's own domain for staff as well."""
        machines = Domain("is_machine", "=", True)
        if request.env.user._is_portal():
            return machines  # the rule keeps all others away, once is enough
        company = request.env.user.partner_id._jinxing_portal_partner()
        mine = Domain("dealer_id", "=", company.id) | Domain("owner_id", "child_of", company.id)
        return machines & mine

    def _machine_filters(self):
        _ = request.env._
        today = service_day(request.env)
        return {
            "all": {"label": _("All"), "domain": Domain.TRUE},
            "cover": {
                "label": _("In cover"),
                "domain": Domain("card_id.date_end", ">=", today),
            },
            "ended": {
                "label": _("Out of cover"),
                "domain": Domain("card_id.date_end", "<", today),
            },
            "draft": {
                "label": _("Waiting for activation"),
                "domain": Domain("card_ids.state", "=", "draft"),
            },
            "none": {
                "label": _("Not yet registered"),
                "domain": Domain("card_ids", "not any", [("state", "in", ["draft", "active"])]),
            },
        }

    @staticmethod
    def _shown_cards(machines):
        """Return ``{machine id: card}``: the active one, else the last one the user may see."""
        cards = request.env["jinxing.warranty.card"].search(
            [("lot_id", "in", machines.ids)], order="id"
        )
        # Read as the user may; what follows only shows names of owner and dealer.
        shown = {}
        for card in cards:
            before = shown.get(card.lot_id.id)
            if not before or before.state != "active":
                shown[card.lot_id.id] = card
        return shown

    @route(
        ["/my/machines", "/my/machines/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_machines(self, page=1, search="", filterby="all", **kw):
        filters = self._machine_filters()
        filterby = filterby if filterby in filters else "all"
        lots = request.env["stock.lot"]
        domain = self._machine_domain() & filters[filterby]["domain"]
        search = search.replace("\x00", "").strip()[:100]
        if search:
            domain &= lots._machine_domain(search)
        total = lots.search_count(domain)
        pager = portal_pager(
            url="/my/machines",
            total=total,
            page=page,
            step=STEP,
            url_args={"search": search, "filterby": filterby},
        )
        machines = lots.search(domain, limit=STEP, offset=pager["offset"], order="id desc")
        values = {
            **self._prepare_portal_layout_values(),
            # sudo: names of model and owner of machines the user may read
            "machines": machines.sudo(),
            # sudo: as above
            "cards": {lot: card.sudo() for lot, card in self._shown_cards(machines).items()},
            "page_name": "machines",
            "pager": pager,
            "total": total,
            "default_url": "/my/machines",
            "search": search,
            "filterby": filterby,
            "searchbar_filters": filters,
            "is_dealer": bool(registering_dealer()),
        }
        return request.render("jinxing_warranty.portal_my_machines", values)

    @route("/my/machines/<int:lot_id>", type="http", auth="user", website=True, readonly=True)
    def portal_my_machine(self, lot_id, registered=None, **kw):
        machine = self._own_machine(lot_id)
        if not machine:
            return request.redirect("/my/machines")
        card = self._shown_cards(machine).get(machine.id, request.env["jinxing.warranty.card"])
        values = {
            **self._prepare_portal_layout_values(),
            "machine": machine,
            # sudo: names of owner and dealer on a card the user may read
            "card": card.sudo(),
            "page_name": "machine",
            "registered": bool(registered),
            "is_dealer": bool(registering_dealer()),
            "bulletins": self._machine_bulletins(machine),
        }
        return request.render("jinxing_warranty.portal_my_machine", values)

    def _own_machine(self, lot_id):
        """Return a machine of the user's own company, else nothing."""
        try:
            machine = self._document_check_access("stock.lot", lot_id)
        except (AccessError, MissingError):
            return None
        return machine if machine.is_machine else None

    @staticmethod
    def _machine_bulletins(machine):
        """Return the bulletins for a machine's model that the user may read (G3.3)."""
        return request.env["jinxing.bulletin"].search(
            [("id", "in", machine.bulletin_ids.ids), ("audience", "=", "network")]
        )

    @route("/my/machines/<int:lot_id>/card", type="http", auth="user", website=True, readonly=True)
    def portal_my_card(self, lot_id, **kw):
        """Download the printed card of one's own machine."""
        machine = self._own_machine(lot_id)
        card = self._shown_cards(machine).get(machine.id) if machine else None
        if not card or card.state != "active":
            return request.redirect("/my/machines")
        return self._show_report(
            # sudo: the card is the user's own, see above; the print shows names and logo
            model=card.sudo(),
            report_type="pdf",
            report_ref="jinxing_warranty.action_report_card",
            download=True,
        )


def registering_dealer():
    """Return the dealer the user registers sales for, empty for anybody else."""
    company = request.env.user.partner_id._jinxing_portal_partner()
    # sudo: whether one's own company is a dealer
    return company if company.sudo().is_dealer else company.browse()


class RegistrationPortal(CustomerPortal):
    """A dealer's registration of a sale: the draft of a warranty card (G4)."""

    FIELDS = (
        "serial",
        "model",
        "engine",
        "invoice",
        "invoice_date",
        "owner",
        "phone",
        "address",
    )

    @route(
        "/my/machines/register", type="http", auth="user", website=True, methods=["GET", "POST"]
    )
    def portal_register_machine(self, serial="", **post):
        dealer = registering_dealer()
        if not dealer:
            return request.redirect("/my/machines")
        values, errors = {"serial": serial}, {}
        if request.httprequest.method == "POST":
            values = {
                name: (post.get(name) or "").replace("\x00", "").strip()[:300]
                for name in self.FIELDS
            }
            values["serial"] = serial.replace("\x00", "").strip()[:300]
            card, errors = self._register(values, post.get("photo"), dealer)
            if card:
                return request.redirect(f"/my/machines/{card.lot_id.id}?registered=1")
        return request.render(
            "jinxing_warranty.portal_register_machine",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "register",
                "models": self._models(),
                "values": values,
                "errors": errors,
                "today": service_day(request.env),
            },
        )

    @staticmethod
    def _models():
        # sudo: the models a dealer may choose from are no secret
        return request.env["product.product"].sudo().search([("is_machine", "=", True)])

    def _register(self, values, upload, dealer):
        """Return the draft card, or nothing and what is wrong, by field."""
        registration = request.env["jinxing.card.registration"]
        errors, row, machine = registration._check(values, dealer)
        photo, problem = read_photo(upload)
        if problem or not photo:
            errors["photo"] = problem or request.env._("A photo of the invoice is needed.")
        elif errors:
            errors["photo"] = request.env._("Please choose the photo again.")
        if errors:
            return None, errors
        try:
            with request.env.cr.savepoint():
                card = registration._create_card(row, machine, dealer, photo)
        except UserError as error:
            return None, {"form": str(error)}
        return card, {}
