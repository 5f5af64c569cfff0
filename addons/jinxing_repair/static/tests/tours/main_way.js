import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** What the office of a dealer sends: one good row, one of a model nobody makes. */
const LIST = [
    "出厂编号,型号,发动机号,发票号,发票日期,机主,电话,地址,经销商",
    "MAIN0001,MAIN-4.0,MAINENG1,25110099,@20,Yang Mingde,13990211234,Santai,Dealer",
    "MAIN0002,MAIN-9.9,MAINENG2,25110100,@3,Tang Xiaojun,13890218889,Yanting,Dealer",
].join("\n");

/** Return a day so many months ago, as yyyy-mm-dd. */
function monthsAgo(months) {
    const day = luxon.DateTime.now().minus({ months });
    return day.toFormat("yyyy-MM-dd");
}

function chooseList() {
    const text = LIST.replace(/@(\d+)/g, (all, months) => monthsAgo(Number(months)));
    const data = new DataTransfer();
    data.items.add(new File(["\ufeff" + text], "sold.csv", { type: "text/csv" }));
    const input = document.querySelector(".modal .o_field_widget[name=file] input[type=file]");
    input.files = data.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Type into a relational field, take the proposal that holds `text`. */
function choose(field, typed, text = typed) {
    const widget = `.o_field_widget[name=${field}]`;
    return [
        { trigger: `${widget} input`, run: `edit ${typed}` },
        {
            trigger: `.o-autocomplete--dropdown-item:not(.o_m2o_no_result):contains(${text})`,
            run: "click",
        },
    ];
}

/** The clerk imports the list of sold machines: the bad row is named, the good one is in. */
tours.add("jinxing_main_import", {
    steps: () => [
        { trigger: ".modal .o_field_widget[name=file]" },
        {
            content: "the list",
            trigger: ".modal .o_field_widget[name=file] input[type=file]:not(:visible)",
            run: chooseList,
        },
        { trigger: ".modal .o_field_widget[name=file]:contains(sold.csv), .modal input:value(sold.csv)" },
        { trigger: ".modal button[name=action_check]:enabled", run: "click" },
        {
            content: "the bad row is named",
            trigger: ".modal .o_field_widget[name=line_ids] .o_data_row:contains(MAIN-9.9)",
        },
        { trigger: ".modal .o_field_widget[name=skip_bad] input", run: "check" },
        { trigger: ".modal button[name=action_import]:enabled", run: "click" },
        { content: "the good one is in", trigger: ".modal .alert-success" },
    ],
});

/** A farmer calls: found by his phone, registered, a dispatch order made. */
tours.add("jinxing_main_register", {
    steps: () => [
        ...choose("lot_id", "13990211234", "MAIN0001"),
        {
            content: "owner and card are there before he has hung up",
            trigger: ".o_form_view:contains(Yang Mingde)",
        },
        {
            trigger: ".o_field_widget[name=fault_description] textarea",
            run: "edit Gearbox housing leaks, battery empty",
        },
        ...choose("category_ids", "Gearbox"),
        { trigger: ".o_form_button_save:enabled", run: "click" },
        { trigger: "button[name=action_create_dispatch_order]:enabled", run: "click" },
        {
            content: "the order",
            trigger: ".o_field_widget[name=service_state]",
        },
        { trigger: ".o_form_view:contains(MAIN0001)" },
    ],
});

/** The supervisor approves, sees who may go and why, and sends one. */
tours.add("jinxing_main_approve", {
    steps: () => [
        { trigger: "button[name=action_approve]:enabled", run: "click" },
        { trigger: "button[name=action_assign]:enabled", run: "click" },
        {
            content: "why a beginner may not go",
            trigger: ".modal .o_field_widget[name=line_ids] .o_data_row:contains(Novice)",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] :is(input, textarea)",
            run: "edit Nobody free at the dealer",
        },
        {
            trigger: ".modal .o_data_row:contains(r_technician) button[name=action_choose]",
            run: "click",
        },
        { trigger: "body:not(:has(.modal)) .o_field_widget[name=technician_id]" },
    ],
});

/** The supervisor assesses and closes, and reads each decision's why. */
tours.add("jinxing_main_close", {
    steps: () => [
        { trigger: "button[name=action_close]:enabled", run: "click" },
        { trigger: ".modal .o_field_widget[name=quality_score]" },
        { trigger: ".modal button[name=action_confirm]:enabled", run: "click" },
        { trigger: "body:not(:has(.modal)) button[name=action_open_decisions]", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(G4.2)" },
        { trigger: ".o_list_view .o_data_row:contains(G4.3)" },
    ],
});

/** Finance invoices what is charged, and takes the payment. */
tours.add("jinxing_main_invoice", {
    steps: () => [
        { trigger: ".o_data_row:contains(MAIN0001) .o_data_cell[name=name]", run: "click" },
        { trigger: "button[name=action_invoice]:enabled", run: "click" },
        {
            content: "the battery, not the housing",
            trigger: ".o_field_widget[name=invoice_line_ids]:contains(Battery 12V)",
        },
        { trigger: ".o_field_widget[name=invoice_line_ids]:not(:contains(Gearbox housing))" },
        { trigger: "button[name=action_register_payment]:enabled", run: "click" },
        { trigger: ".modal button[name=action_create_payments]:enabled", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_form_view" },
        {
            content: "it is paid",
            trigger: ".o_form_view:not(:has(button[name=action_register_payment]:visible))",
        },
    ],
});

/** The dealer sees his machine and the order with what was free and what was not. */
tours.add("jinxing_main_dealer", {
    steps: () => [
        { content: "his machine", trigger: "#wrap:contains(MAIN0001)" },
        {
            trigger: "#wrap",
            run() {
                window.location = "/my/dispatch";
            },
            expectUnloadPage: true,
        },
        {
            trigger: "#wrap a[href*='/my/dispatch/']:first",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#wrap:contains(MAIN0001)" },
        {
            content: "why it was free, why not",
            trigger: "#wrap details summary.text-primary",
            run() {
                for (const details of document.querySelectorAll("#wrap details")) {
                    details.open = true;
                }
            },
        },
        { trigger: "#wrap details:contains(G4.2)" },
        { trigger: "#wrap details:contains(G4.3)" },
    ],
});
