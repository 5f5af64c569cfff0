import { boot } from "./boot";

/**
 * Return the text in the user's language; `%(name)s` is filled from `values`.
 *
 * The texts are in the page, so that there are words without network. Odoo's own function
 * would draw in half of its frontend.
 */
export function _t(source, values) {
    const text = boot.translations[source] || source;
    return values ? text.replace(/%\((\w+)\)s/g, (_all, name) => values[name]) : text;
}
