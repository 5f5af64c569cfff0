from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.jinxing_base.rules.decision import plain
from odoo.addons.jinxing_technician.rules import grading

from ..rules import dispatch, order_flow

#: Orders that keep a technician busy.
BUSY = (order_flow.ASSIGNED, order_flow.ACCEPTED, order_flow.CONTACTED, order_flow.ON_SITE)


class RepairOrder(models.Model):
    _inherit = "repair.order"

    # -- who serves by the rule (G3.1) -----------------------------------------------------------

    def _decide_provider(self, first=False):
        """Decide and store who serves each machine by the rule (G3.1).

        The number of queries does not grow with the number of orders.

        :param first: the orders are new
        """
        dispatch_orders = self.filtered("service_kind")
        # sudo: the network's contracts decide, whoever registers
        orders = dispatch_orders.sudo()
        if not orders:
            return
        today = fields.Date.context_today(self)
        # All who take part are read at once.
        (orders.dealer_id | orders.company_id.partner_id).fetch()
        abroad = orders.filtered(lambda order: order._is_cross_region())
        stations = self._stations_by_region(abroad.region_id, today)
        decisions = {}
        for order in orders:
            facts = order._provider_facts(
                today, order in abroad, stations.get(order.region_id)
            )
            decisions[order.id] = dispatch.default_provider(facts)
        dispatch_orders._record_decisions("provider", decisions, first=first)
        by_provider = {}
        for order in orders:
            key = decisions[order.id].facts["provider"]
            if order.default_provider_id.id != key:
                by_provider[key] = by_provider.get(key, orders.browse()) | order
        for key, group in by_provider.items():
            group.default_provider_id = key

    def _is_cross_region(self):
        """Tell whether the machine broke down outside the seller's region (跨区作业)."""
        self.ensure_one()
        here, home = self.region_id, self.dealer_id.region_id
        if not here or not home or here == home:
            return False
        return not (
            (here.parent_path or "").startswith(home.parent_path or "-")
            or (home.parent_path or "").startswith(here.parent_path or "-")
        )

    @api.model
    def _stations_by_region(self, regions, today):
        """Return the station that serves each of these regions, where there is one."""
        if not regions:
            return {}
        # sudo: as in _decide_provider
        stations = self.env["res.partner"].sudo().search(
            [("is_service_station", "=", True), ("region_id", "in", regions.ids)], order="id"
        )
        able = stations._under_contract(today)
        return {
            region: able.filtered(lambda s, r=region: s.region_id == r)[:1] for region in regions
        }

    def _provider_facts(self, today, cross_region, local):
        """Return the facts of one order for rules/dispatch.py."""
        self.ensure_one()
        dealer = self.dealer_id
        appointed = dealer.appointed_station_id

        def provider(partner):
            return partner and dispatch.Provider(
                key=partner.id,
                name=partner.name or "",
                in_network=partner.active and bool(partner._under_contract(today)),
                repairs=partner.is_service_station or partner.is_dealer,
            ) or None

        own = self.company_id.partner_id
        return dispatch.ProviderFacts(
            headquarters=dispatch.Provider(own.id, own.name or ""),
            seller=provider(dealer),
            appointed=provider(appointed),
            cross_region=cross_region,
            local=provider(local) if local else None,
            refused=frozenset(self.refused_provider_ids.ids),
        )

    def _note_refusals(self):
        """Remember which providers declined or let the time pass, so that they do not come first.

        Called before the step takes the provider off the order.
        """
        outside = self.filtered(
            lambda o: o.provider_id and o.provider_id != o.company_id._own_partner()
        )
        for provider, orders in outside.grouped("provider_id").items():
            # sudo: noted on behalf of the step
            orders.sudo().refused_provider_ids = [(4, provider.id)]

    # -- proposals (T1-T5, S7) -------------------------------------------------------------------

    def _place(self):
        """Return where the machine is, for rules/dispatch.py."""
        self.ensure_one()
        located = bool(self.latitude or self.longitude)
        return dispatch.Place(
            city=self.city_id.id or "",
            region=self.region_id.id or "",
            latitude=self.latitude if located else None,
            longitude=self.longitude if located else None,
        )

    @api.model
    def _technician_load(self, technicians):
        """Return ``{technician id: number of orders that keep him busy}``; one query."""
        # sudo: how busy somebody is counts whatever the asker may see
        groups = self.env["repair.order"].sudo()._read_group(
            [("technician_id", "in", technicians.ids), ("service_state", "in", BUSY)],
            ["technician_id"],
            ["__count"],
        )
        return {technician.id: count for technician, count in groups}

    def _candidates(self, technicians, categories_list):
        """Return each technician as the ranking of these orders sees him.

        :param technicians: contacts
        :param categories_list: sets of fault categories, each of one order
        :return: ``{categories: [candidate, ...]}``
        """
        # sudo: what is asked of his contact is place and qualification
        technicians = technicians.sudo()
        company = self.company_id[:1] or self.env.company
        loads = self._technician_load(technicians)
        on_duty = self.env["jinxing.duty.roster"]._on_duty(
            fields.Datetime.now(), self.region_id, company
        )
        capacity = self._policy("technician_day_capacity", company=company)
        result = {}
        for categories in categories_list:
            gradings = (
                technicians._technician_decisions(categories, self._work_day())
                if technicians
                else {}
            )
            result[categories] = [
                self._candidate(
                    person,
                    company,
                    gradings[person.id],
                    load=loads.get(person.id, 0),
                    capacity=capacity or None,
                    on_duty=None if on_duty is None else person.id in on_duty,
                )
                for person in technicians
            ]
        return result

    @api.model
    def _candidate(self, person, company, verdict, **day):
        """Return one technician for rules/dispatch.py."""
        located = bool(person.partner_latitude or person.partner_longitude)
        region = person.region_id or person.commercial_partner_id.region_id
        city = person.city_id or person.commercial_partner_id.city_id
        return dispatch.Candidate(
            key=person.id,
            name=person.name or "",
            provider=self._provider_of(person, company._own_partner()).id,
            grading=verdict,
            grade=verdict.facts["grade"],
            place=dispatch.Place(
                city=city.id or "",
                region=region.id or "",
                latitude=person.partner_latitude if located else None,
                longitude=person.partner_longitude if located else None,
            ),
            **day,
        )

    def _rank_technicians(self, provider=None):
        """Return the proposals for these orders together, the best first (T1-T5, S7).

        Several orders want one person for all of them: the faults of all count, and the place
        only where it is the same.

        :param provider: the partner the orders were given to, if his people are asked for
        """
        orders = self.sudo()  # sudo: the ranking reads the machine's place and the network
        company = orders.company_id[:1] or self.env.company
        domain = [
            ("is_technician", "=", True),
            ("company_id", "in", [False, company.id]),
        ]
        if provider and provider != company._own_partner():
            domain.append(("commercial_partner_id", "=", provider.id))
        # sudo: as above
        technicians = self.env["res.partner"].sudo().search(domain)
        categories = orders.category_ids | orders.fault_ids.category_id
        places = {order._place() for order in orders}
        need = dispatch.Need(
            place=places.pop() if len(places) == 1 else dispatch.Place(),
            provider=provider.id if provider else None,
        )
        candidates = orders._candidates(technicians, [categories])[categories]
        return dispatch.rank_technicians(candidates, need)

    # -- assigning (G1.1, G3.1) ------------------------------------------------------------------

    def action_assign(self, technician_id=None, provider_id=None, reason=None):
        """Give orders to a technician or a provider (G1.1, G3.1, T1-T5, S7).

        :param technician_id: contact of the technician; his company is the provider
        :param provider_id: the provider, when the technician is his choice
        :param reason: demanded when it is not the provider of the rule (G3.1), when the
            technician is full or off duty, or when his grade does not cover the faults
            (supervisors only)
        :raises UserError: a reason is missing, or he may not be sent; the message says why
        """
        if technician_id or provider_id:
            self._lock()
        dispatch_orders = self.filtered("service_kind")
        if self - dispatch_orders:
            # core's button of the same name: reserve the parts of its own orders
            super(RepairOrder, self - dispatch_orders).action_assign()
            if not dispatch_orders:
                return True
        return dispatch_orders._action_assign(technician_id, provider_id, reason)

    def _action_assign(self, technician_id, provider_id, reason):
        self._ensure_role("clerk")
        if not technician_id and not provider_id:
            return self.env["jinxing.repair.assign"]._open_for(self)
        self._settle_arrival()
        self._ensure_can("assign", {order.id: {"provider"} for order in self})
        # sudo: a clerk need not be allowed to read all technicians' contacts
        partners = self.env["res.partner"].sudo()
        people = partners.with_context(active_test=False).search_fetch(
            [("id", "in", [technician_id or 0, provider_id or 0])], order="id"
        )
        technician = people.filtered(lambda person: person.id == technician_id)
        provider = people.filtered(lambda person: person.id == provider_id)
        if not technician and not provider:
            raise UserError(self.env._("Choose a technician or a provider."))
        reason = self._reason(reason)
        self._ensure_provider_fits(technician, provider, reason)
        if technician:
            self._ensure_may_be_sent(technician, reason)
        now = fields.Datetime.now()
        for company, orders in self.grouped("company_id").items():
            own = company._own_partner()
            given_to = provider or self._provider_of(technician, own)
            hours = self._policy("offer_accept_hours", company=company)
            outside = given_to != own
            orders._take_step(
                "assign",
                {
                    "technician_id": technician.id,
                    "provider_id": given_to.id,
                    "assigned_at": now,
                    "accepted_at": False,
                    "offer_deadline": now + timedelta(hours=hours) if outside else False,
                },
                reason=reason,
                at=now,
                checked=True,
            )
            orders._parts_follow()
        return True

    def _parts_follow(self):
        """Let the parts still to be taken come from the stock of the new technician (S8.3)."""
        # sudo: where parts come from follows the technician
        self.sudo().stock_move_ids.filtered(
            lambda m: m.repair_line_type and m.state not in ("done", "cancel")
        )._set_repair_locations()

    @api.model
    def _provider_of(self, technician, own):
        """Return for whom a technician works: his station or dealer, else the factory."""
        company = technician.commercial_partner_id
        return company if company.is_service_station or company.is_dealer else own

    def _ensure_provider_fits(self, technician, provider, reason):
        """Refuse a provider who may not serve, or one against the rule without a reason.

        :raises UserError: says why
        """
        today = fields.Date.context_today(self)
        for company, orders in self.grouped("company_id").items():
            own = company._own_partner()
            given_to = provider or self._provider_of(technician, own)
            if technician:
                self._ensure_is_technician(technician, company)
            if technician and provider and self._provider_of(technician, own) != provider:
                raise UserError(
                    self.env._(
                        "%(technician)s does not work for %(provider)s.",
                        technician=technician.name,
                        provider=provider.name,
                    )
                )
            if given_to != own and not (
                given_to.active and (given_to.is_dealer or given_to.is_service_station)
            ):
                raise UserError(
                    self.env._("%(name)s is no service provider (G1.1).", name=given_to.name)
                )
            if given_to != own and not given_to._under_contract(today):
                raise UserError(
                    self.env._(
                        "%(name)s has no service contract in force (G1.1).", name=given_to.name
                    )
                )
            for order in orders:
                by_rule = order.default_provider_id or own
                if given_to != by_rule and not reason:
                    raise UserError(
                        self.env._(
                            "%(order)s: by the rule %(provider)s serves this machine, since who "
                            "sells serves (G3.1). Another provider needs a reason.",
                            order=order.name,
                            provider=by_rule.name,
                        )
                    )

    @api.model
    def _ensure_is_technician(self, technician, company):
        """Refuse a contact who is no technician of ours or of the network."""
        ours = technician.company_id.id in (False, company.id)
        if not technician.is_technician or not technician.active or not ours:
            raise UserError(self.env._("%(name)s is no technician.", name=technician.name))

    def _ensure_may_be_sent(self, technician, reason, grade_only=False):
        """Store what speaks for and against the technician, and refuse who may not be sent.

        A grade that does not cover the faults is overruled by a supervisor with a reason
        (T1-T5, S7); a full day or being off duty needs a reason. The number of queries grows
        with the kinds of faults, not with the orders.

        :param grade_only: his provider chose him and answers for his day
        :raises UserError: says why
        """
        orders = self.sudo()  # sudo: the ranking reads the machine's place and the network
        kinds = {order.id: order.category_ids | order.fault_ids.category_id for order in orders}
        found = orders._candidates(technician, set(kinds.values()))
        proposals = {
            order.id: dispatch.propose(
                found[kinds[order.id]][0], dispatch.Need(place=order._place())
            )
            for order in orders
        }
        self._record_decisions(
            "proposal",
            {key: proposal.to_decision() for key, proposal in proposals.items()},
            first=not any(order.assigned_at for order in self),
        )
        supervisor = self.env.su or self.env.user.has_group("jinxing_base.group_supervisor")
        overrides = {}
        for order in self:
            verdict = found[kinds[order.id]][0].grading
            proposal = proposals[order.id]
            if verdict.outcome != grading.ALLOWED:
                overrides[order.id] = dispatch.decide_override(
                    reason or "",
                    is_supervisor=bool(supervisor),
                    clauses=verdict.clauses,
                    who=self.env.uid,
                )
                if overrides[order.id].outcome != dispatch.GRANTED:
                    raise UserError(
                        self.env._(
                            "%(technician)s may not be sent to %(order)s (%(clauses)s). A "
                            "supervisor can override this with a reason.",
                            technician=technician.name,
                            order=order.name,
                            clauses=", ".join(verdict.clauses),
                        )
                    )
            elif not (proposal.allowed or reason or grade_only):
                raise UserError(
                    self.env._(
                        "%(order)s: a reason is needed to send %(technician)s. %(why)s",
                        order=order.name,
                        technician=technician.name,
                        why=" ".join(self._refusal_texts(proposal)),
                    )
                )
        if overrides:
            self._record_decisions("override", overrides)
            self.filtered(lambda order: order.id in overrides)._overrule_grade(technician)

    @api.model
    def _refusal_texts(self, proposal):
        """Return what speaks against a technician, in the reader's language."""
        decisions = self.env["jinxing.decision"]
        texts = decisions._texts()
        return [
            decisions._render_step(texts.get(step.key), step.key, plain(dict(step.params)))
            for step in proposal.refusals
        ]

    # -- accepting and declining -----------------------------------------------------------------

    def action_accept(self, technician_id=None, at=None):
        """Accept orders: the technician himself, or his provider naming one (G1.1).

        :param at: when, if a phone without network tells it later
        """
        self._begin("worker")
        offers = {order: order.offer_deadline for order in self if order.offer_deadline}
        assigned = [order.assigned_at for order in self if order.assigned_at]
        now = self._moment(at, after=max(assigned, default=None))
        vals = {"accepted_at": now, "offer_deadline": False}
        if technician_id:
            # sudo: the provider names one of his own people
            technician = self.env["res.partner"].sudo().browse(technician_id).exists()
            self._ensure_own_technician(technician)
            vals["technician_id"] = technician.id
        self._ensure_can("accept", {o.id: {"technician"} for o in self} if technician_id else None)
        self._take_step("accept", vals, at=now, checked=True)
        if technician_id:
            self._parts_follow()
        self.filtered("contacted_at")._take_step("contact", at=now, checked=True)
        self._judge_offer(offers)
        return True

    def _ensure_own_technician(self, technician):
        """Refuse a technician who is not the provider's or may not be sent."""
        for order in self:
            own = order.company_id._own_partner()
            if not technician.is_technician or (
                self._provider_of(technician, own) != order.provider_id
            ):
                raise UserError(self.env._("This is no technician of the provider."))
        self._ensure_may_be_sent(technician, None, grade_only=True)

    def action_decline(self, reason=None):
        """Decline orders with a reason; they go back to the factory."""
        if not self._reason(reason):
            self._ensure_role("worker")
            return self._open_reason("decline", self.env._("Decline"))
        self._begin("worker")
        offers = {order: order.offer_deadline for order in self if order.offer_deadline}
        self._settle_arrival()
        self._ensure_can("decline", {order.id: {"reason"} for order in self})
        self._take_step(
            "decline",
            {
                "technician_id": False,
                "provider_id": False,
                "accepted_at": False,
                "offer_deadline": False,
            },
            reason=self._reason(reason),
            checked=True,
        )
        self._judge_offer(offers, declined=True, reason=self._reason(reason))
        return True
