import { registry } from "@web/core/registry";

/** A clerk activates a registration and asks why its cover ends when it does. */
registry.category("web_tour.tours").add("jinxing_warranty_activation", {
    steps: () => [
        {
            content: "open the draft",
            trigger: ".o_data_row td[name=serial]:contains(TOUR0002)",
            run: "click",
        },
        { content: "it has its invoice", trigger: ".o_field_widget[name=invoice_number]" },
        { trigger: "button[name=action_activate]", run: "click" },
        {
            content: "it is active and has its number",
            trigger: ".o_arrow_button_current[data-value=active]",
        },
        { trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(G4.3)" },
        { content: "ask why", trigger: "button[name=action_why]", run: "click" },
        {
            content: "the clauses and the arithmetic",
            trigger: ".modal .o_field_widget[name=explanation] li:contains(G4.1)",
        },
        { trigger: ".modal .btn-close", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

/** A clerk on the telephone: is the battery free? Why not? */
registry.category("web_tour.tours").add("jinxing_warranty_why", {
    steps: () => [
        {
            content: "find the machine by the owner's name",
            trigger: ".o_searchview_input",
            run: "edit 欧阳修远",
        },
        { trigger: ".o_searchview_autocomplete .o-dropdown-item:first", run: "click" },
        { trigger: ".o_data_row:only-of-type td[name=name]:contains(TOUR0003)", run: "click" },
        { trigger: "button[name=action_check_cover]", run: "click" },
        {
            content: "the battery",
            trigger: ".modal .o_field_widget[name=component_id] input",
            run: "edit 电瓶",
        },
        { trigger: ".o-autocomplete--dropdown-item:contains(电瓶)", run: "click" },
        { trigger: ".modal button[name=action_decide]", run: "click" },
        { content: "no", trigger: ".modal .alert-warning:contains(收费)" },
        { content: "and why", trigger: ".modal [name=explanation]:contains(G4.3)" },
        { trigger: ".modal .btn-close", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});
