import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Wait until the form has been saved and shows what the server says. */
function saved() {
    return { content: "saved", trigger: ".o_form_saved" };
}

/** Day 8 without an inspection report: refused until there is one; a repair is offered (R11, R13). */
tours.add("jinxing_return_without_report", {
    steps: () => [
        { trigger: "button[name=action_decide]:enabled", run: "click" },
        {
            content: "an inspection report is asked for",
            trigger: ".o_field_widget[name=eligibility]:contains(Needs an inspection report)",
        },
        { content: "it is not taken back", trigger: "body:not(:has(button[name=action_confirm]))" },
        { content: "why?", trigger: "button[name=action_why]:enabled", run: "click" },
        {
            content: "the clause with its days",
            trigger: ".o_data_row:contains(R11), .modal:contains(R11)",
        },
        { content: "back", trigger: ".o_breadcrumb .breadcrumb-item a:last", run: "click" },
        { trigger: "button[name=action_offer_repair]:enabled", run: "click" },
        {
            content: "a repair is registered instead",
            trigger: ".o_field_widget[name=fault_description] :value(Offered instead)",
        },
    ],
});

/** Day 8 with the report: filled in, decided, taken back; the departments have their tasks. */
tours.add("jinxing_return_with_report", {
    steps: () => [
        {
            content: "issuer",
            trigger: ".o_field_widget[name=inspection_issuer] input",
            run: "edit 四川省农机产品质量监督检验站",
        },
        {
            content: "number",
            trigger: ".o_field_widget[name=inspection_number] input",
            run: "edit NJ-2026-1173",
        },
        { trigger: "button[name=action_decide]:enabled", run: "click" },
        {
            content: "it may go back",
            trigger: ".o_field_widget[name=eligibility]:contains(Yes)",
        },
        {
            content: "at the price paid",
            trigger: ".o_field_widget[name=refund_amount]:contains(612)",
        },
        { trigger: "button[name=action_confirm]:enabled", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=confirmed]" },
        { trigger: ".o_notebook_headers a[name=tasks]", run: "click" },
        { trigger: ".o_field_widget[name=task_ids] .o_data_row:contains(Warehouse)" },
        { trigger: ".o_field_widget[name=task_ids] .o_data_row:contains(Finance)" },
        { trigger: ".o_field_widget[name=task_ids] .o_data_row:contains(Production)" },
        saved(),
    ],
});

/** Finance refunds what the warehouse has received. */
tours.add("jinxing_return_refund", {
    steps: () => [
        { trigger: "button[name=action_refund]:enabled", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=refunded]" },
        { content: "the credit note is there", trigger: ".o_field_widget[name=refund_id] a, .o_field_widget[name=refund_id] input" },
    ],
});

/** A clerk notes that the user claims the exchange: the return is made, the goods called in. */
tours.add("jinxing_return_claim", {
    steps: () => [
        { trigger: "button[name=action_claim]:enabled", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=claimed]" },
        { content: "its return", trigger: "button[name=action_open_return]:enabled", run: "click" },
        {
            content: "same model, in stock",
            trigger: ".o_field_widget[name=exchange_way]:contains(Same model)",
        },
        { trigger: ".o_field_widget[name=eligibility]:contains(Yes)" },
        { trigger: "button[name=action_confirm]:enabled", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=confirmed]" },
    ],
});

/** The clerk orders the delivery of the same model. */
tours.add("jinxing_return_deliver", {
    steps: () => [
        { trigger: "button[name=action_replace]:enabled", run: "click" },
        {
            content: "the same model is proposed",
            trigger: ".modal .o_field_widget[name=product_id] input:value(4LZ-4.0)",
        },
        { trigger: ".modal button[name=action_deliver]:enabled", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_form_view:not(:has(button[name=action_replace]))" },
    ],
});

/** The new machine has its card; the old card is replaced by it. */
tours.add("jinxing_return_new_card", {
    steps: () => [
        { trigger: ".o_arrow_button_current[data-value=replaced]" },
        { trigger: ".o_field_widget[name=new_lot_id]:contains(TOURNEW1)" },
        { trigger: ".o_field_widget[name=new_card_id] a", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=active]" },
        { content: "of the new machine", trigger: ".o_form_view:contains(TOURNEW1)" },
    ],
});
