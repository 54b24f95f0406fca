// What is typed in a form is kept on the server as it is typed, so that a closed browser loses
// nothing. Without this script, the button « Garder en brouillon » does the same.
const WAIT = 1200;

function keep(form) {
  const place = form.dataset.brouillon;
  const told = form.querySelector("[data-etat-brouillon]");
  let timer = 0;
  let last = text(form);
  let leaving = false;

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
    timer = setTimeout(send, WAIT, false);
  });
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") send(true);
  });
  window.addEventListener("pagehide", () => send(true));
}

document.querySelectorAll("form[data-brouillon]").forEach(keep);
