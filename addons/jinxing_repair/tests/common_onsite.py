import uuid

from .common import SIGNATURE

PICTURE = f"data:image/png;base64,{SIGNATURE}"


class OnsiteData:
    """Ways a phone talks to the orders; beside :class:`RepairData`."""

    @classmethod
    def speak_english(cls):
        """Let all users read English: the tests look for its words."""
        cls.env["res.lang"]._activate_lang("en_US")
        for user in cls.users.values():
            user.lang = "en_US"

    @classmethod
    def listed_nothing(cls):
        """Take off what is listed for kinds of fault, tools of an addon above too."""
        categories = cls.env["jinxing.fault.category"].search([])
        categories.usual_component_ids = False
        if "tool_kind_ids" in categories._fields:
            categories.tool_kind_ids = False

    @classmethod
    def given(cls, technician="technician", machine=None, **values):
        """An order given to a technician, not yet accepted."""
        order = cls.approved(machine, **values)
        order.with_user(cls.users["supervisor"]).action_assign(
            technician_id=cls.users[technician].partner_id.id, reason="He is near"
        )
        return order

    @classmethod
    def at_work(cls, technician="technician", machine=None, **values):
        """An order whose technician stands at the machine."""
        order = cls.given(technician, machine, **values)
        for operation in ("accept", "contact"):
            cls.change(order, operation, user=technician)
        for check in order.check_ids.filtered(lambda c: c.phase == "departure"):
            cls.change(order, "tick", {"check": check.id, "done": True}, {"done": False},
                       user=technician)
        for line in order.bring_ids:
            cls.change(order, "bring", {"line": line.id, "taken": True},
                       {"taken": False, "left_reason": False}, user=technician)
        for operation in ("depart", "arrive"):
            cls.change(order, operation, user=technician)
        return order

    @classmethod
    def change(cls, order, operation, values=None, base=None, at=None, user="technician",
               request_id=None, status="done"):
        """Send one change as the phone does; return the whole answer."""
        orders = order.with_user(cls.users[user]).browse()
        result = orders._onsite_change(
            order.id, request_id or str(uuid.uuid4()), operation, values, base, at
        )
        if status:
            assert result["status"] == status, result
        return result

    @classmethod
    def add_fault(cls, order, component=None, user="technician", **values):
        """A fault found on site."""
        answer = cls.change(
            order,
            "fault_add",
            {"component_id": (component or cls.battery).id, "symptom": "Empty", **values},
            user=user,
        )
        return cls.env["jinxing.repair.fault"].browse(answer["answer"]["id"])

    @classmethod
    def detail(cls, order, user="technician"):
        """The order as the phone gets it."""
        return order.with_user(cls.users[user])._onsite_details()[0]
