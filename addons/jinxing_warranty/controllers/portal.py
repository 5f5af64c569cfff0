import base64

from odoo import fields
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.fields import Domain
from odoo.http import request, route
from odoo.tools.image import image_process

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..rules import card_import

MAX_PHOTO = 8 * 1024 * 1024
#: first bytes of a photo -> the file's ending
PHOTO_KINDS = {b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n": "png"}
STEP = 20


class MachinePortal(CustomerPortal):
    """A dealer's machines and cards, and his registration of a sale (S8.1, G4)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "machine_count" in counters:
            lots = request.env["stock.lot"]
            allowed = lots.has_access("read")
            values["machine_count"] = lots.search_count(self._machine_domain()) if allowed else 0
        return values

    @staticmethod
    def _machine_domain():
        """Return the machines of one's own company; rules keep all others away anyway."""
        company = request.env.user.partner_id._jinxing_portal_partner()
        mine = Domain("dealer_id", "child_of", company.id)
        mine |= Domain("owner_id", "child_of", company.id)
        return Domain("is_machine", "=", True) & mine

    def _machine_filters(self):
        _ = request.env._
        today = fields.Date.context_today(request.env.user)
        return {
            "all": {"label": _("All"), "domain": Domain.TRUE},
            "cover": {
                "label": _("In cover"),
                "domain": Domain("card_id.date_end", ">=", today),
            },
            "draft": {
                "label": _("Waiting for activation"),
                "domain": Domain("card_ids.state", "=", "draft"),
            },
        }

    @route(
        ["/my/machines", "/my/machines/page/<int:page>"],
        type="http",
        auth="user",
        readonly=True,
    )
    def portal_my_machines(self, page=1, search="", filterby="all", **kw):
        filters = self._machine_filters()
        filterby = filterby if filterby in filters else "all"
        lots = request.env["stock.lot"]
        domain = self._machine_domain() & filters[filterby]["domain"]
        if search.strip():
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
        company = request.env.user.partner_id._jinxing_portal_partner()
        values = {
            **self._prepare_portal_layout_values(),
            # sudo: names of model, owner and dealer of machines the user may read
            "machines": machines.sudo(),
            "page_name": "machines",
            "pager": pager,
            "default_url": "/my/machines",
            "search": search,
            "filterby": filterby,
            "searchbar_filters": filters,
            "is_dealer": company.sudo().is_dealer,
            "today": fields.Date.context_today(request.env.user),
        }
        return request.render("jinxing_warranty.portal_my_machines", values)

    @route("/my/machines/<int:lot_id>", type="http", auth="user", readonly=True)
    def portal_my_machine(self, lot_id, **kw):
        try:
            machine = self._document_check_access("stock.lot", lot_id)
        except (AccessError, MissingError):
            return request.redirect("/my/machines")
        values = {
            **self._prepare_portal_layout_values(),
            "machine": machine,
            "page_name": "machine",
            "card": machine.card_id or machine.card_ids[:1],
            "today": fields.Date.context_today(request.env.user),
        }
        return request.render("jinxing_warranty.portal_my_machine", values)

    @route("/my/machines/<int:lot_id>/card", type="http", auth="user", readonly=True)
    def portal_my_card(self, lot_id, **kw):
        """Download the printed card of one's own machine."""
        try:
            machine = self._document_check_access("stock.lot", lot_id)
        except (AccessError, MissingError):
            return request.redirect("/my/machines")
        if not machine.card_id:
            return request.redirect(f"/my/machines/{lot_id}")
        return self._show_report(
            model=machine.card_id,
            report_type="pdf",
            report_ref="jinxing_warranty.action_report_card",
            download=True,
        )

    # -- registration --------------------------------------------------------------------------

    @staticmethod
    def _registering_dealer():
        """Return the dealer the user registers sales for, empty for anybody else."""
        company = request.env.user.partner_id._jinxing_portal_partner()
        # sudo: whether one's own company is a dealer
        return company if company.sudo().is_dealer else company.browse()

    @route("/my/machines/register", type="http", auth="user", methods=["GET", "POST"])
    def portal_register_machine(self, **post):
        dealer = self._registering_dealer()
        if not dealer:
            return request.redirect("/my/machines")
        # sudo: the models a dealer may choose from are no secret
        models = request.env["product.product"].sudo().search([("is_machine", "=", True)])
        values, errors = {}, {}
        if request.httprequest.method == "POST":
            values = {name: (post.get(name) or "").strip() for name in self._registration_fields()}
            errors, clean = self._check_registration(values, models, dealer)
            photo, problem = self._read_photo(post.get("photo"))
            if problem:
                errors["photo"] = problem
            if not errors:
                card, problem = self._register(clean, photo, dealer)
                if card:
                    return request.redirect(f"/my/machines/{card.lot_id.id}?registered=1")
                errors["form"] = problem
        return request.render(
            "jinxing_warranty.portal_register_machine",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "register",
                "models": models,
                "values": values,
                "errors": errors,
                "today": fields.Date.context_today(request.env.user),
            },
        )

    @staticmethod
    def _registration_fields():
        return ("serial", "engine", "invoice", "invoice_date", "owner", "phone", "address")

    def _check_registration(self, values, models, dealer):
        """Return errors by field and the typed values; the same checks as an import's row."""
        # sudo: taken numbers count whoever holds them
        lots = request.env["stock.lot"].sudo()
        lot = lots.search(
            [("is_machine", "=", True), ("name", "=", values["serial"])], limit=1
        )
        wizard = request.env["jinxing.card.import"]
        names = {model: wizard._model_names(model) for model in models}
        by_engine = lots.search(
            [("is_machine", "=", True), ("engine_number", "=", values["engine"])], limit=1
        )
        model_name = lot.product_id.name
        known = card_import.Known(
            models={model.name: 1 for model in models},
            dealers={dealer.sudo().name: 1},
            serials={lot.name: names.get(lot.product_id, ())} if lot else {},
            engines={by_engine.engine_number: by_engine.name} if by_engine else {},
            active=frozenset({lot.name} if lot.card_ids.filtered(_is_alive) else ()),
        )
        columns = (*self._registration_fields(), "model", "dealer")
        row = {**values, "model": model_name or "", "dealer": dealer.sudo().name}
        heading = {name: position for position, name in enumerate(columns)}
        good, problems = card_import.check_rows(
            heading,
            [(1, [row[name] for name in columns])],
            known,
            fields.Date.context_today(request.env.user),
        )
        errors = {}
        for problem in problems:
            if problem.column == "model":
                continue
            label = wizard._column_label(problem.column)
            errors.setdefault(problem.column, f"{label} {wizard._reason(problem)}")
        # One answer for a serial that does not exist and one that is another dealer's.
        foreign = lot.dealer_id and lot.dealer_id.commercial_partner_id != dealer
        if values["serial"] and (not lot or foreign):
            errors["serial"] = request.env._(
                "We have no machine with this serial number for you. Check the plate, or ask us."
            )
        elif lot and values["engine"] and lot.engine_number not in (False, values["engine"]):
            errors["engine"] = request.env._("This is not the engine of this machine.")
        return errors, {"row": good[0] if good else None, "lot": lot}

    @staticmethod
    def _read_photo(upload):
        """Return the invoice's photo as base64 and what is wrong with it."""
        _ = request.env._
        if not upload or not getattr(upload, "filename", ""):
            return None, _("A photo of the invoice is needed.")
        data = upload.read(MAX_PHOTO + 1)
        if len(data) > MAX_PHOTO:
            return None, _("The photo is larger than %(size)s MB.", size=MAX_PHOTO // 1024**2)
        kind = next((end for magic, end in PHOTO_KINDS.items() if data.startswith(magic)), None)
        if not kind:
            return None, _("Only photos (.jpg, .png) are accepted.")
        try:
            # Written anew, so that nothing but a picture is kept.
            data = image_process(data, size=(2000, 2000))
        except (UserError, ValueError):
            return None, _("The photo cannot be read.")
        return (f"invoice.{kind}", base64.b64encode(data)), None

    @staticmethod
    def _register(clean, photo, dealer):
        """Create the draft card; return it, or why it could not be made."""
        row, lot = clean["row"], clean["lot"]
        try:
            with request.env.cr.savepoint():
                # sudo: portal users have no right to create; all was checked above
                env = request.env(su=True)
                owner = env["res.partner"].search(
                    [("name", "=", row.owner), ("phone", "=", row.phone)], limit=1
                ) or env["res.partner"].create(
                    {
                        "name": row.owner,
                        "phone": row.phone,
                        "street": row.address,
                        "lang": request.env.lang,
                    }
                )
                lot.write({"engine_number": row.engine, "dealer_id": dealer.id})
                card = env["jinxing.warranty.card"].create(
                    {
                        "source": "portal",
                        "lot_id": lot.id,
                        "owner_id": owner.id,
                        "owner_phone": row.phone,
                        "dealer_id": dealer.id,
                        "invoice_number": row.invoice,
                        "invoice_date": row.invoice_date,
                        "invoice_scan": photo[1],
                        "invoice_scan_name": photo[0],
                        "company_id": (lot.company_id or request.env.company).id,
                    }
                )
                env.flush_all()
                return card, None
        except (UserError, ValidationError) as error:
            return None, str(error)


def _is_alive(card):
    return card.state in ("draft", "active")
