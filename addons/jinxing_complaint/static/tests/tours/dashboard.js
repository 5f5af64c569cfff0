import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("jinxing_complaint_dashboard", {
    steps: () => [
        { trigger: ".jx_tile[data-box='contacts'] .jx_value" },
        ...["answers", "contact_in_time", "arrival_in_time", "first_time_fix", "rework", "cost"].map(
            (box) => ({ trigger: `.jx_tile[data-box='${box}']` })
        ),
        ...["hotlines", "ages", "components", "models", "causes", "channels", "technicians"].map(
            (list) => ({ trigger: `[data-list='${list}']` })
        ),
        { trigger: "[data-period='last_month']", run: "click" },
        { trigger: "[data-period='last_month'].active" },
        { trigger: ".jx_tile[data-box='contacts']", run: "click" },
        { trigger: ".o_pivot" },
        { trigger: ".o_back_button, .breadcrumb-item a", run: "click" },
        { trigger: "[data-period='last_month'].active" },
        { trigger: ".jx_tile[data-box='unanswered']", run: "click" },
        { trigger: ".o_list_view" },
    ],
});
