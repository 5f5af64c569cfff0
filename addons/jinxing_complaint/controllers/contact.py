import time

from odoo.exceptions import UserError, ValidationError
from odoo.http import Controller, request, route
from odoo.tools import hash_sign, single_email_re, verify_hash_signed

from odoo.addons.jinxing_repair.controllers.helpdesk import number
from odoo.addons.jinxing_warranty.rules import phone

#: The scope of the signed hour of a form; one form is good for a day.
SCOPE = "jinxing_complaint.contact"
GOOD_FOR_HOURS = 24
#: A field no person sees; what fills it in is a robot.
TRAP = "website"
LIMITS = {"name": 60, "phone": 30, "email": 100, "machine": 60, "text": 4000}
KINDS = ("consultation", "opinion", "complaint", "praise", "repair")


class ContactForm(Controller):
    """The public form for questions, opinions and complaints (O20), without login.

    Against spam: a field people do not see, a signed time before which nobody can have written
    anything, and a number of messages per address and hour.
    """

    @staticmethod
    def _speak_to_the_visitor():
        """Speak the house's language to whoever is not logged in."""
        # sudo: the language of the house, for a visitor who may read nothing
        language = request.env.company.sudo().partner_id.lang
        if language and request.env.user._is_public():
            request.update_context(lang=language)

    def _values(self, **more):
        user = request.env.user
        partner = request.env["res.partner"] if user._is_public() else user.partner_id
        # sudo: the house and the public ways to reach it are meant for everybody
        company = request.env.company.sudo()
        # sudo: as above
        channels = request.env["helpdesk.ticket.channel"].sudo().search(
            [("hotline_number", "!=", False)]
        )
        # sudo: the subjects are meant for everybody
        subjects = request.env["helpdesk.ticket.category"].sudo().search(
            [("company_id", "in", [company.id, False])]
        )
        kinds = request.env["helpdesk.ticket"]._fields["kind"]
        words = dict(kinds._description_selection(request.env))
        return {
            "company": company,
            "channels": channels,
            "subjects": subjects,
            "kinds": [(kind, words[kind]) for kind in KINDS],
            "started": hash_sign(
                request.env(su=True), SCOPE, time.time(), expiration_hours=GOOD_FOR_HOURS
            ),
            "trap": TRAP,
            "values": {
                "name": partner.name or "",
                "phone": partner.phone or "",
                "email": partner.email or "",
                "kind": "consultation",
            },
            "errors": {},
            "no_footer": True,
            **more,
        }

    @route("/service/contact", type="http", auth="public", methods=["GET"], sitemap=True)
    def contact_form(self, **kw):
        self._speak_to_the_visitor()
        return request.render("jinxing_complaint.contact_form", self._values())

    @route("/service/contact", type="http", auth="public", methods=["POST"], sitemap=False)
    def contact_send(self, **post):
        """Register the message; a robot gets the same thanks and nothing is registered."""
        self._speak_to_the_visitor()
        _ = request.env._
        values = {key: str(post.get(key) or "").strip()[:size] for key, size in LIMITS.items()}
        values["kind"] = post.get("kind") if post.get("kind") in KINDS else "consultation"
        values["subject"] = number(post.get("subject"))
        if post.get(TRAP):
            return self._thanks("")
        errors = self._errors(values)
        if not errors and not self._written_by_hand(post.get("started")):
            errors["form"] = _("Please send the form again.")
        if not errors and not self._allowed():
            errors["form"] = _("Too many messages from here. Please call us, or wait an hour.")
            return self._again(values, errors, status=429)
        if errors:
            return self._again(values, errors, status=422)
        try:
            with request.env.cr.savepoint():
                ticket = self._register(values)
        except (UserError, ValidationError) as error:
            return self._again(values, {"form": str(error)}, status=422)
        return self._thanks(ticket.number)

    def _again(self, values, errors, status):
        return request.render(
            "jinxing_complaint.contact_form",
            self._values(values=values, errors=errors),
            status=status,
        )

    @staticmethod
    def _errors(values):
        _ = request.env._
        errors = {}
        if not values["name"]:
            errors["name"] = _("Who are you?")
        if len(values["text"]) < 5:
            errors["text"] = _("What is it about?")
        if values["phone"] and not phone.is_valid(values["phone"]):
            errors["phone"] = _("This is no telephone number.")
        if values["email"] and not single_email_re.match(values["email"]):
            errors["email"] = _("This is no e-mail address.")
        if not values["phone"] and not values["email"]:
            errors["phone"] = _("How can we reach you?")
        return errors

    @staticmethod
    def _written_by_hand(started):
        """Tell whether the form was opened long enough ago, and by us."""
        try:
            moment = verify_hash_signed(request.env(su=True), SCOPE, started or "")
        except (ValueError, TypeError, UnicodeError):
            return False
        if not moment:
            return False
        # sudo: a visitor is judged by the policy without reading it
        least = request.env["jinxing.policy.parameter"].sudo()._value("contact_form_seconds")
        return time.time() - float(moment) >= least

    @staticmethod
    def _allowed():
        # sudo: the count of messages is nobody's record
        return request.env["jinxing.public.try"].sudo()._allow(
            SCOPE, request.httprequest.remote_addr or "", "contact", "contact_form_per_hour"
        )

    @staticmethod
    def _register(values):
        """Make the contact of a message (O20, O21)."""
        user = request.env.user
        partner = request.env["res.partner"] if user._is_public() else user.partner_id
        # sudo: anybody may write to us; every value was checked above
        env = request.env(su=True)
        subject = env["helpdesk.ticket.category"].browse(values["subject"]).exists()
        machine = values["machine"]
        return env["helpdesk.ticket"].create(
            {
                "kind": values["kind"],
                "category_id": subject.id,
                "caller_name": values["name"],
                "caller_phone": values["phone"],
                "partner_name": values["name"],
                "partner_email": values["email"],
                # Only who is logged in is taken at his word to be that customer.
                "partner_id": partner.id,
                "fault_description": "\n".join(
                    filter(None, (values["text"], machine and f"[{machine}]"))
                ),
                "channel_id": env.ref("helpdesk_mgmt.helpdesk_ticket_channel_web").id,
                "company_id": request.env.company.id,
            }
        )

    @staticmethod
    def _thanks(ticket_number):
        # sudo: the house is shown to everybody
        company = request.env.company.sudo()
        return request.render(
            "jinxing_complaint.contact_thanks",
            {"number": ticket_number, "company": company, "no_footer": True},
        )
