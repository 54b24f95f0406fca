// Says before sending that a file is too large; the server checks it anyway.
for (const form of document.querySelectorAll("form[data-plafond]")) {
  const field = form.querySelector("input[type=file]");
  const warning = form.querySelector("[role=alert]");
  const button = form.querySelector("button");
  field.addEventListener("change", () => {
    const large = [...field.files].some((file) => file.size > Number(form.dataset.plafond));
    warning.hidden = !large;
    button.disabled = large;
  });
  form.addEventListener("submit", () => {
    button.disabled = true;
    button.textContent = "Envoi en cours…";
  });
}
