import { registry } from "@web/core/registry";

/** A station finds a belt by model, puts it in the cart and hands the order in. */
registry.category("web_tour.tours").add("jinxing_parts_order", {
    steps: () => [
        {
            content: "the model",
            trigger: "select[name=model]",
            run: "selectByLabel 4LZ-4.0",
        },
        { trigger: "form[role=search] button", run: "click", expectUnloadPage: true },
        {
            content: "four belts for warranty repairs",
            trigger: ".jx_part:contains(Belt) input[name=qty]",
            run: "edit 4",
        },
        {
            trigger: ".jx_part:contains(Belt) button.jx_add",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the cart has one line",
            trigger: "a[href='/my/parts/cart']:contains(1)",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#urgent", run: "click" },
        { trigger: "input[name=urgent_reason]", run: "edit 水稻抢收" },
        { trigger: ".jx_submit", run: "click", expectUnloadPage: true },
        { content: "handed in", trigger: ".alert-success" },
        { content: "it is marked urgent", trigger: ".badge.text-bg-danger" },
        { content: "the belt is on it", trigger: ".jx_lines td:contains(Belt)" },
    ],
});

/** It has arrived: the station counts, one is missing, and says so. */
registry.category("web_tour.tours").add("jinxing_parts_receive", {
    steps: () => [
        { content: "who ships, and the waybill", trigger: ".list-group-item:contains(SF1000)" },
        { content: "count", trigger: ".jx_receive input[type=number]", run: "edit 3" },
        { trigger: ".jx_receive input[name=note]", run: "edit 少一条" },
        { trigger: ".jx_receive button", run: "click", expectUnloadPage: true },
        { content: "received", trigger: ".alert-success" },
        { content: "the difference shows", trigger: ".list-group-item:contains(Belt)" },
    ],
});
