/** What the server put into the page: user, translations, the orders it starts with. */
export const boot = JSON.parse(document.getElementById("onsite_boot").textContent);
