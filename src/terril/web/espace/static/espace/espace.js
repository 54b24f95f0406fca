// What is typed in a form is kept on the server as it is typed, so that a closed browser loses
// nothing. Without this script, the button « Garder en brouillon » does the same.
const WAIT = 1200;
const TWICE = 3000; // a form that is sent again within this time was clicked twice

function keep(form) {
  const place = form.dataset.brouillon;
  const told = form.querySelector("[data-etat-brouillon]");
  let timer = 0;
  let last = text(form);
  let leaving = false;
  let sending = null;

  function text(one) {
    return new URLSearchParams([...new FormData(one)].filter(([, value]) => typeof value === "string")).toString();
  }

  async function send(final) {
    clearTimeout(timer);
    timer = 0;
    const body = text(form);
    if (body === last || leaving) return;
    try {
      const answer = await fetch(place, {
        method: "POST",
        body,
        keepalive: final && body.length < 60000,
        headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
      });
      if (answer.ok) last = body;
      const said = answer.ok ? (await answer.json()).dit : "Le brouillon n’est pas gardé : le site ne répond pas.";
      if (told) told.textContent = said;
    } catch {
      if (told) told.textContent = "Le brouillon n’est pas gardé : le site ne répond pas.";
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      sending = send(false).finally(() => (sending = null));
    }, WAIT);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (sending) {
      // a draft on its way arrives first: it must not outlive the form that saves it
      event.preventDefault();
      if (!leaving) sending.then(() => form.requestSubmit(event.submitter));
    }
    leaving = true;
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) leaving = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") send(true);
  });
  window.addEventListener("pagehide", () => send(true));
}

document.querySelectorAll("form[data-brouillon]").forEach(keep);

const sent = new WeakMap();
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (Date.now() - (sent.get(event.target) ?? -TWICE) < TWICE) event.preventDefault();
  else sent.set(event.target, Date.now());
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form").forEach((form) => sent.delete(form));
});
