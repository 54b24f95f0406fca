// What pages do better with a script; without it each form has its button and each shape its title.

// A choice shows its result at once. The focus comes back to the choice that was made.
const KEPT = "terril-choix";

for (const form of document.querySelectorAll("form[data-choix]")) {
  const send = (select) => {
    try {
      sessionStorage.setItem(KEPT, location.pathname + "#" + select.id);
    } catch { /* no storage: the focus goes to the top, as after any page */ }
    form.requestSubmit();
  };
  for (const select of form.querySelectorAll("select")) {
    const before = select.value;
    let open = false;
    // with a pointer the choice is made when the list closes; with the keyboard, when it is left
    // or confirmed, so that arrows may go through the list (WCAG 3.2.2)
    select.addEventListener("pointerdown", () => { open = true; });
    select.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && select.value !== before) { event.preventDefault(); send(select); }
      if (event.key !== "Tab") open = false;
    });
    select.addEventListener("change", () => { if (open) send(select); });
  }
}

try {
  const [path, id] = (sessionStorage.getItem(KEPT) || "").split("#");
  sessionStorage.removeItem(KEPT);
  if (path === location.pathname && id) document.getElementById(id)?.focus({ preventScroll: true });
} catch { /* no storage */ }

// The shape that is pointed at, or has the focus, is told under its figure.
for (const figure of document.querySelectorAll("[data-valeurs]")) {
  const line = document.createElement("p");
  line.className = "valeur-pointee";
  line.setAttribute("aria-hidden", "true"); // the link already says it aloud
  line.textContent = "\u00a0";
  figure.querySelector("svg")?.after(line);
  const tell = (event) => {
    const link = event.target.closest?.("a[aria-label]");
    if (!link) return;
    line.textContent = link.getAttribute("aria-label");
    for (const other of figure.querySelectorAll("a.pointe")) other.classList.remove("pointe");
    link.classList.add("pointe");
  };
  figure.addEventListener("pointerover", tell);
  figure.addEventListener("focusin", tell);
}
