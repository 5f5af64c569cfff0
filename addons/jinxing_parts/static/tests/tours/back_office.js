import { registry } from "@web/core/registry";

/** From the plans handed in to requests for quotation. */
registry.category("web_tour.tours").add("jinxing_parts_plan", {
    steps: () => [
        {
            content: "consolidate and compute",
            trigger: "button[name=action_consolidate]",
            run: "click",
        },
        { trigger: ".o_arrow_button_current[data-value=computed]" },
        {
            content: "the budget has an amount",
            trigger: "button[name=action_open_budget]",
            run: "click",
        },
        { content: "by supplier and month", trigger: ".o_pivot table" },
        { trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a:first", run: "click" },
        { trigger: "button[name=action_request_approval]", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=to_approve]" },
        { trigger: "button[name=action_approve]", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=approved]" },
        { trigger: "button[name=action_make_rfqs]", run: "click" },
        {
            content: "a request for quotation for the supplier",
            trigger: ".o_list_view .o_data_row:contains(Foundry)",
        },
    ],
});

/** An old part comes back, is inspected and scrapped. */
registry.category("web_tour.tours").add("jinxing_parts_old_part", {
    steps: () => [
        { trigger: "button[name=action_receive]", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=received]" },
        {
            content: "what was found",
            trigger: ".o_field_widget[name=condition] textarea",
            run: "edit 壳体开裂",
        },
        { trigger: "button[name=action_inspect]", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=closed]" },
        { content: "its fate", trigger: ".o_field_widget[name=fate]:not(:empty)" },
        { content: "why it was owed, and why that fate", trigger: "button[name=action_why]" },
    ],
});

/** A tool goes from one man to another. */
registry.category("web_tour.tours").add("jinxing_parts_tool", {
    steps: () => [
        { trigger: "button[name=action_hand_over]", run: "click" },
        {
            trigger: ".modal .o_field_widget[name=employee_id] input",
            run: "edit Chen",
        },
        { trigger: ".o-autocomplete--dropdown-item:contains(Chen)", run: "click" },
        { trigger: ".modal .o_field_widget[name=condition] input", run: "edit 外壳划痕" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        {
            content: "handed over, to whom",
            trigger: ".o_field_widget[name=next_id]:not(:empty)",
        },
    ],
});
