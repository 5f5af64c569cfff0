import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Type into a relational field, take the proposal that holds `text`. */
function choose(field, typed, within = "") {
    return [
        { trigger: `${within} .o_field_widget[name=${field}] input`, run: `edit ${typed}` },
        {
            trigger: `.o-autocomplete--dropdown-item:not(.o_m2o_no_result, .o_m2o_dropdown_option):contains(${typed})`,
            run: "click",
        },
    ];
}

function write(field, text, within = "") {
    return {
        trigger: `${within} .o_field_widget[name=${field}] :is(textarea, input)`,
        run: `edit ${text}`,
    };
}

function select(field, text, within = "") {
    return [
        { trigger: `${within} .o_field_widget[name=${field}] input`, run: "click" },
        { trigger: `.o_select_menu_item:contains(${text})`, run: "click" },
    ];
}

const page = (name) => ({ trigger: `.o_notebook a[name=${name}]`, run: "click" });
const press = (name) => ({ trigger: `button[name=${name}]:enabled`, run: "click" });
const standsIn = (step) => ({
    content: `the complaint stands in ${step}`,
    trigger: `.o_statusbar_status .o_arrow_button_current[data-value=${step}]`,
});
const ahead = (days) => luxon.DateTime.now().plus({ days });

/** Steps 1 to 5: the clerk takes it down, judges, promises, investigates; it is over his limit. */
tours.add("jinxing_nine_clerk", {
    steps: () => [
        ...choose("partner_id", "Zhang Defu"),
        ...choose("category_id", "Quality of the machine"),
        write("fault_description", "The auger broke on the third day"),
        { trigger: ".o_form_button_save:enabled", run: "click" },
        press("action_record"),
        standsIn("judge"),
        page("judge"),
        press("action_establish"),
        {
            content: "not without its nature and a reason",
            trigger: ".modal:contains(the nature), .o_notification:contains(the nature)",
        },
        { trigger: ".modal .btn-primary, .o_notification_close", run: "click" },
        ...choose("nature_id", "Quality of the machine"),
        write("judgement", "Within the cover; the weld is broken"),
        press("action_establish"),
        standsIn("promise"),
        page("promise"),
        write("company_duties", "A new auger"),
        write("customer_duties", "Keep the broken one"),
        {
            trigger: ".o_field_widget[name=promise_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        { trigger: ".o_selected_row [name=name] input", run: "edit Auger fitted" },
        {
            trigger: ".o_selected_row [name=deadline] :is(input, button)",
            run: "click",
        },
        {
            trigger: ".o_selected_row [name=deadline] input",
            run({ anchor }) {
                anchor.value = luxon.DateTime.now().plus({ days: 2 }).toFormat("yyyy-MM-dd HH:mm:ss");
                anchor.dispatchEvent(new Event("input", { bubbles: true }));
                anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        { trigger: ".o_form_button_save:enabled", run: "click" },
        { trigger: ".o_field_widget[name=promise_ids] .o_data_row:contains(Auger fitted)" },
        press("action_promise"),
        standsIn("investigate"),
        page("investigate"),
        ...choose("department_ids", "Assembly shop"),
        ...choose("cause_id", "Assembly and test"),
        write("evidence_note", "Weld cut open"),
        write("findings", "Weld without root"),
        press("action_investigate"),
        standsIn("propose"),
        page("propose"),
        write("proposal", "A new auger, 3000 for the lost days"),
        ...choose("remedy_id", "Compensation in money"),
        write("proposal_amount", "3000"),
        press("action_propose"),
        write("reason", "A day and a half were lost", ".modal"),
        { trigger: ".modal button[name=action_confirm]:enabled", run: "click" },
        { content: "the superior is asked", trigger: ".o_form_view .alert-info:visible" },
    ],
});

/** Step 5: the supervisor may not decide on so much. */
tours.add("jinxing_nine_supervisor_asked", {
    steps: () => [
        { content: "it waits for him", trigger: ".o_data_row:contains(auger)" },
        { trigger: ".o_data_row:contains(auger) .o_data_cell[name=number]", run: "click" },
        press("action_approve"),
        {
            content: "over his authority",
            trigger: ".modal:contains(C19.5), .o_notification:contains(C19.5)",
        },
    ],
});

/** Step 5: the manager does. */
tours.add("jinxing_nine_manager", {
    steps: () => [press("action_approve"), standsIn("consent")],
});

/** Step 6: the customer reads what he is offered, and agrees by his click. */
tours.add("jinxing_nine_customer", {
    steps: () => [
        { trigger: "#wrap:contains(A new auger, 3000 for the lost days)" },
        { content: "nothing of the house", trigger: "#wrap:not(:contains(Weld without root))" },
        { trigger: "#wrap input#name", run: "edit Zhang Defu" },
        { trigger: "button[name=agree]", run: "click", expectUnloadPage: true },
        { trigger: "#wrap [data-answer=consent], #wrap [data-answer]" },
        { content: "he has answered", trigger: "#wrap:not(:has(button[name=agree]))" },
    ],
});

/** Steps 7 to 9: who answers, what changes, and the file. */
tours.add("jinxing_nine_supervisor", {
    steps: () => [
        standsIn("liability"),
        page("liability"),
        {
            trigger: ".o_field_widget[name=penalty_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        ...choose("employee_id", "Sun Zhigang", ".modal"),
        write("what", "Weld not checked", ".modal"),
        ...select("measure", "Written warning", ".modal"),
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_data_row:contains(Sun Zhigang)" },
        press("action_assign_liability"),
        standsIn("countermeasure"),
        page("countermeasure"),
        {
            trigger: ".o_field_widget[name=countermeasure_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        write("name", "Every auger weld is tested", ".modal"),
        ...["date_deadline", "effect_due"].flatMap((field, number) => [
            {
                trigger: `.modal .o_field_widget[name=${field}] :is(input, button)`,
                run: "click",
            },
            {
                trigger: `.modal .o_field_widget[name=${field}] input`,
                run({ anchor }) {
                    anchor.value = ahead(14 + 46 * number).toFormat("MM/dd/yyyy");
                    anchor.dispatchEvent(new Event("input", { bubbles: true }));
                    anchor.dispatchEvent(new Event("change", { bubbles: true }));
                },
            },
        ]),
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_data_row:contains(Every auger weld)" },
        press("action_set_countermeasure"),
        standsIn("archive"),
        page("promise"),
        { trigger: ".o_data_row button[name=action_done]", run: "click" },
        { trigger: ".o_form_view:not(:has(.o_data_row button[name=action_done]))" },
        page("archive"),
        write("summary", "Test all welds"),
        ...select("satisfaction", "Satisfied"),
        press("action_archive_complaint"),
        standsIn("closed"),
        page("log"),
        { content: "every step is there", trigger: ".o_data_row:contains(C19.9)" },
    ],
});
