// The position of the phone is added to an observation only when the person asks for it.
for (const form of document.querySelectorAll("form[data-position]")) {
  const line = form.querySelector(".position");
  const told = form.querySelector("[data-dit]");
  if (!line || !navigator.geolocation) continue;
  line.hidden = false;
  form.querySelector("[data-prendre]").addEventListener("click", () => {
    told.textContent = "Recherche…";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.latitude.value = coords.latitude.toFixed(5);
        form.elements.longitude.value = coords.longitude.toFixed(5);
        told.textContent = `Position ajoutée, à ${Math.round(coords.accuracy)} m près.`;
      },
      () => { told.textContent = "La position n’est pas disponible. Écrivez plutôt où c’est."; },
      { enableHighAccuracy: true, timeout: 10000, maximumAge: 30000 },
    );
  });
}
