from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import WarrantyCase


@tagged("post_install", "-at_install")
class TestAssembly(WarrantyCase):
    """G3.2: what is an assembly is data of the component, and of the spare parts for it."""

    def component(self, name):
        return self.env.ref(f"jinxing_warranty.component_{name}")

    def test_g3_2_assemblies_are_data(self):
        """G3.2: engine, gearbox, header, control valve and the like; housings and wear are not."""
        for name in ("engine", "gearbox", "header", "control_valve", "hydraulic_pump", "clutch",
                     "injection_pump", "threshing_drum", "conveyor"):
            self.assertTrue(self.component(name).is_assembly, name)
        for name in ("gearbox_housing", "battery", "belt", "bearing", "gearbox_gears", "filter"):
            self.assertFalse(self.component(name).is_assembly, name)

    def test_g3_2_the_parts_follow_their_component(self):
        """G3.2: a part for an assembly is one unless it is only a piece of it."""
        header, seal = self.env["product.template"].create(
            [
                {"name": "割台总成", "component_id": self.component("header").id},
                {"name": "割台油封", "component_id": self.component("header").id,
                 "is_assembly": False},
            ]
        )
        self.assertEqual((header.is_assembly, seal.is_assembly), (True, False))
        header.component_id = self.component("belt")
        self.assertFalse(header.is_assembly)
        self.component("belt").is_assembly = True
        self.assertTrue(header.is_assembly)
        with self.assertRaises(AccessError):
            header.with_user(self.users["technician"]).write({"is_assembly": False})
