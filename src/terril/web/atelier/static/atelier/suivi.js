// Follows a job without reloading the page; when it ends, the page is asked again.
const panel = document.querySelector("[data-suivi]");
const stage = document.getElementById("etape");
const bar = document.getElementById("barre");
const list = document.getElementById("etapes");

function show(job) {
  const last = job.etapes.at(-1) ?? "En attente…";
  const text = job.sur ? `${last}, ${job.fait} sur ${job.sur}` : last;
  if (stage.textContent !== text) stage.textContent = text;
  if (job.sur) {
    bar.max = job.sur;
    bar.value = job.fait;
  } else {
    bar.removeAttribute("value");
  }
  for (const label of job.etapes.slice(list.children.length)) {
    const line = document.createElement("li");
    line.textContent = label;
    list.append(line);
  }
}

async function follow() {
  try {
    const answer = await fetch(panel.dataset.suivi, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return location.reload();
    const job = await answer.json();
    if (!job.actif) return location.reload();
    show(job);
  } catch {
    stage.textContent = "Le serveur ne répond pas ; nouvel essai dans un instant.";
  }
  setTimeout(follow, 1000);
}

if (panel) setTimeout(follow, 500);
