from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

STEP = 20
PURPOSES = ("warranty", "sale")


def number(text, default=0.0):
    """Return what a person typed as a quantity; ``default`` for what is none."""
    try:
        value = float((text or "").strip().replace("，", ".").replace(",", "."))
    except ValueError:
        return default
    return value if 0 <= value < 1e6 else default


class PartsPortal(CustomerPortal):
    """The catalogue of parts and the cart of a station or technician (A3)."""

    # -- who -----------------------------------------------------------------------------------

    @staticmethod
    def _parts_requester():
        """Return for whom the user asks for parts: his station, or himself with his van."""
        user = request.env.user
        if user._is_public():
            return request.env["res.partner"]
        person = user.partner_id
        company = person._jinxing_portal_partner()
        # sudo: what one's own company is
        known = company.sudo()
        if user._is_portal():
            allowed = known.is_service_station or known.is_dealer or known.is_parts_centre
            return company if allowed else company.browse()
        return person if person._is_own_staff() else person.browse()

    def _ensure_requester(self):
        """Return the requester; a page for others does not exist."""
        requester = self._parts_requester()
        if not requester:
            raise NotFound()
        return requester

    def _own(self, model, record_id):
        """Return one's own record for writing by the page; another's is as unknown as none.

        The record rules and the requester are asked before any right is lent.
        """
        requester = self._ensure_requester()
        try:
            record = request.env[model].browse(record_id)
            record.check_access("read")
        except (AccessError, MissingError) as error:
            raise NotFound() from error
        # sudo: read above with the user's own rights
        own = record.sudo().exists()
        partner = own.holder_id if model == "jinxing.old.part" else own.partner_id
        if not own or partner.commercial_partner_id != requester.commercial_partner_id:
            raise NotFound()
        if not request.env.user._is_portal() and partner != requester:
            raise NotFound()
        return own

    def _prepare_portal_layout_values(self):
        values = super()._prepare_portal_layout_values()
        values["parts_requester"] = self._parts_requester()
        # sudo: the service's zone is a policy of the company
        policy = request.env["jinxing.policy.parameter"].sudo()
        values["tz"] = policy._service_tz(request.env.company)
        return values

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        requester = self._parts_requester() if any("parts" in name for name in counters) else None
        domains = {
            "parts_requisition_count": ("jinxing.parts.requisition", [("state", "!=", "draft")]),
            "old_parts_count": ("jinxing.old.part", [("state", "in", ("owed", "sent"))]),
            "parts_plan_count": ("jinxing.parts.plan", []),
        }
        for name, (model, domain) in domains.items():
            if name in counters:
                records = request.env[model]
                allowed = requester and records.has_access("read")
                values[name] = records.search_count(domain) if allowed else 0
        return values

    # -- catalogue -----------------------------------------------------------------------------

    @route(
        ["/my/parts", "/my/parts/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_parts(self, page=1, model=0, component=0, search="", **kw):
        """Search the parts: by machine model, down the exploded view, by words (A3)."""
        requester = self._ensure_requester()
        # sudo: the catalogue is open to whoever may ask for parts
        templates = request.env["product.template"].sudo()
        # sudo: as above
        components = request.env["jinxing.component"].sudo()
        machine = templates.browse(self._number_of(model)).exists().filtered("is_machine")
        place = components.browse(self._number_of(component)).exists()
        domain = Domain("is_spare_part", "=", True) & Domain("type", "=", "consu")
        if machine:
            domain &= Domain("approved_model_ids", "in", machine.ids)
        tree = self._component_tree(components, domain)
        if place:
            domain &= Domain("component_id", "child_of", place.ids)
        for word in search.split()[:5]:
            domain &= Domain("name", "ilike", word) | Domain("default_code", "ilike", word)
        url_args = {"model": machine.id or 0, "component": place.id or 0, "search": search}
        pager = portal_pager(
            url="/my/parts",
            total=templates.search_count(domain),
            page=page,
            step=STEP,
            url_args=url_args,
        )
        parts = templates.search(
            domain,
            limit=STEP,
            offset=pager["offset"],
            order="component_id, parts_sequence, default_code, id",
        )
        return request.render(
            "jinxing_parts.portal_parts",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "parts",
                "machines": templates.search([("is_machine", "=", True)]),
                "machine": machine,
                "tree": tree,
                "place": place,
                "search": search,
                "parts": parts,
                "offers": self._offers(requester, parts),
                "pager": pager,
                "default_url": "/my/parts",
                "cart": self._cart(create=False),
                # sudo: the currency of prices shown
                "currency": request.env.company.sudo().currency_id,
                "warranty_possible": bool(requester._parts_destination()),
                "here": "/my/parts?" + "&".join(f"{k}={v}" for k, v in url_args.items() if v),
            },
        )

    @staticmethod
    def _number_of(text):
        return int(text) if str(text).isdigit() else 0

    @staticmethod
    def _component_tree(components, domain):
        """Return the exploded view: (depth, component) of all that hold parts of the domain."""
        # sudo: as in the catalogue
        groups = request.env["product.template"].sudo()._read_group(
            domain & Domain("component_id", "!=", False), ["component_id"], []
        )
        held = components.browse({component.id for (component,) in groups})
        shown = components.search([("id", "parent_of", held.ids)]) if held else held
        children = {}
        for component in shown:
            children.setdefault(component.parent_id.id, []).append(component)
        tree = []

        def walk(parent, depth):
            for component in children.get(parent, ()):
                tree.append((depth, component))
                walk(component.id, depth + 1)

        walk(False, 0)
        return tree

    @staticmethod
    def _offers(requester, parts):
        """Return price, whether it is in stock, and the successor of each part."""
        company = request.env.company
        variants = {part.id: part.product_variant_id for part in parts}
        products = parts.product_variant_id
        # sudo: price list and stock are looked at for the requester
        partner = requester.sudo().commercial_partner_id
        pricelist = partner.with_company(company).property_product_pricelist
        prices = (
            pricelist._get_products_price(products, 1.0, currency=company.currency_id)
            if pricelist
            else {product.id: product.lst_price for product in products}
        )
        warehouse = requester._supply_warehouse(requester._supply_decision(), company)
        free = {
            product.id: product.free_qty
            for product in products.with_context(warehouse_id=warehouse.id)
        }
        current = parts._current_parts()
        successors = {
            part.id: parts.browse(current[part.id]) for part in parts if current[part.id] != part.id
        }
        return {
            part.id: {
                "product": variants[part.id],
                "price": prices.get(variants[part.id].id, 0.0),
                "in_stock": free.get(variants[part.id].id, 0.0) > 0,
                "successor": successors.get(part.id),
            }
            for part in parts
            if variants[part.id]
        }

    # -- cart ----------------------------------------------------------------------------------

    def _cart(self, create=True):
        requester = self._ensure_requester()
        return request.env["jinxing.parts.requisition"]._cart_of(requester, create=create)

    def _back(self, post, fallback="/my/parts"):
        """Redirect to the page the form was on; only pages of ours."""
        here = post.get("here") or ""
        return request.redirect(here if here.startswith("/my/parts") else fallback)

    @route("/my/parts/cart", type="http", auth="user", website=True, methods=["GET"])
    def portal_parts_cart(self, error="", **kw):
        """Show the cart."""
        requester = self._ensure_requester()
        cart = self._cart(create=False)
        return self._render_cart(requester, cart, error="")

    def _render_cart(self, requester, cart, error, values=None):
        prices = {line.id: cart._price_of(line.product_id, line.qty) for line in cart.line_ids}
        return request.render(
            "jinxing_parts.portal_parts_cart",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "parts_cart",
                "cart": cart,
                "prices": prices,
                "own_store": requester._is_own_store(),
                "warranty_possible": bool(requester._parts_destination()),
                "error": error,
                "values": values or {},
            },
        )

    @route("/my/parts/cart/add", type="http", auth="user", website=True, methods=["POST"])
    def portal_parts_add(self, **post):
        """Put a part into the cart; once more of it adds up."""
        requester = self._ensure_requester()
        # sudo: the part is only looked up; whether it is one is checked
        product = request.env["product.product"].sudo().browse(
            self._number_of(post.get("product_id"))
        ).exists()
        quantity = number(post.get("qty"), 0.0)
        if not product.is_spare_part or quantity <= 0:
            return self._back(post)
        purpose = post.get("purpose")
        if purpose not in PURPOSES or not requester._parts_destination():
            purpose = "sale"
        cart = self._cart()
        line = cart.line_ids.filtered(
            lambda li: li.product_id == product and li.purpose == purpose
        )[:1]
        if line:
            line.qty += quantity
        else:
            cart.line_ids.create(
                {
                    "requisition_id": cart.id,
                    "product_id": product.id,
                    "qty": quantity,
                    "purpose": purpose,
                }
            )
        return self._back(post)

    @route("/my/parts/cart/update", type="http", auth="user", website=True, methods=["POST"])
    def portal_parts_update(self, **post):
        """Change quantities and purposes; nothing of a part takes it out. Then hand in, or not."""
        requester = self._ensure_requester()
        cart = self._cart(create=False)
        if not cart:
            return request.redirect("/my/parts/cart")
        for line in cart.line_ids:
            quantity = number(post.get(f"qty_{line.id}"), line.qty)
            if quantity <= 0:
                line.unlink()
                continue
            purpose = post.get(f"purpose_{line.id}")
            line.write(
                {
                    "qty": quantity,
                    "purpose": purpose if purpose in PURPOSES else line.purpose,
                }
            )
        if not post.get("submit"):
            return request.redirect("/my/parts/cart")
        return self._submit_cart(requester, cart, post)

    def _submit_cart(self, requester, cart, post):
        values = {
            "urgent": bool(post.get("urgent")),
            "urgent_reason": (post.get("urgent_reason") or "").strip()[:200] or False,
            "note": (post.get("note") or "").strip()[:2000] or False,
            "date_needed": (post.get("date_needed") or "").strip() or False,
        }
        try:
            with request.env.cr.savepoint():
                cart.write(values)
                # the user is the requester: the page has found the cart by it
                cart.action_submit()
        except (UserError, ValidationError, ValueError) as error:
            request.env.invalidate_all()
            message = str(error.args[0]) if error.args else str(error)
            return self._render_cart(requester, cart, message, post)
        return request.redirect(f"/my/requisitions/{cart.id}?submitted=1")
