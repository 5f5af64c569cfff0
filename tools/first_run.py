"""Fed to ``odoo shell`` once: the developer's database speaks Chinese from the start."""

# ruff: noqa: F821
admin = env.ref("base.user_admin")
admin.write({"lang": "zh_CN", "tz": "Asia/Shanghai"})
env["ir.default"].set("res.partner", "lang", "zh_CN")
env["ir.default"].set("res.partner", "tz", "Asia/Shanghai")
env.cr.commit()
