"""Do three people do their work: who keeps the contract, who leads a commune, a councillor?

The first has a screen, the second comes by an invitation, the third has a telephone.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Page, expect
from workspace_in_browser import Workspace

LATE = "Ouvrir la maison de l’Été d’à côté"


def told(page: Page) -> str:
    """What the page says was done."""
    return page.get_by_role("status").first.inner_text()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


# ------------------------------------------------------------------ who keeps the contract


def test_the_keeper_of_the_contract_spends_a_day(workspace: Workspace, tmp_path: Path) -> None:
    seat = workspace.open("public")
    page = seat.page
    page.goto("/connexion/")
    page.get_by_label("Adresse électronique").fill(workspace.facts["mission"])
    page.get_by_label("Mot de passe").fill(workspace.facts["mot_de_passe"])
    press(page, "Se connecter")
    assert urlsplit(page.url).path == workspace.root, "the desk of her only contract"

    # from what awaits her to the commitment, which she moves on
    page.get_by_role("region", name="Ce qui vous attend").get_by_text("en retard").first.click()
    page.get_by_role("link", name=LATE).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(LATE)
    move = page.locator("form.avance", has=page.get_by_role("button", name="Abandonner"))
    move.get_by_role("button", name="Abandonner").click()
    assert move.get_by_label("Motif").evaluate("e => !e.validity.valid"), "a reason is asked for"
    move.get_by_label("Motif").fill("L’avenant n’est pas signé.")
    move.get_by_role("button", name="Abandonner").click()
    expect(page.locator(".lieu .etat")).to_have_text("Abandonné")

    # evidence
    paper = tmp_path / "Délibération de l’été.pdf"
    paper.write_bytes(b"%PDF-1.4\n%%EOF\n")
    page.get_by_label("Ajouter une pièce").set_input_files(paper)
    press(page, "Ajouter la pièce")
    listed = page.locator(".pieces li", has_text="Délibération")
    expect(listed).to_contain_text("Délibération de l’été.pdf")
    with page.expect_download() as waited:
        listed.get_by_role("link").click(modifiers=["Alt"])
    assert Path(str(waited.value.path())).read_bytes().startswith(b"%PDF-")
    page.get_by_role("link", name="Historique").click()
    expect(page.locator(".etapes > li").first).to_contain_text("L’avenant n’est pas signé.")
    seat.close()


def test_a_workbook_goes_out_and_comes_back(workspace: Workspace, tmp_path: Path) -> None:
    seat = workspace.open("mission")
    page = seat.page
    page.goto(f"{workspace.root}registres/enjeux/")
    with page.expect_download() as waited:
        page.get_by_role("link", name="XLSX").click()
    file = tmp_path / waited.value.suggested_filename
    waited.value.save_as(file)
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    assert isinstance(sheet, Worksheet)
    cells = {str(c.value): c for row in sheet.iter_rows(max_row=6) for c in row if c.value}
    head = next(c for text, c in cells.items() if text.startswith("Enjeu"))
    first = sheet.cell(head.row + 1, head.column)
    former = str(first.value)
    first.value = f"{former} (revu l’été)"
    book.save(file)

    page.get_by_role("link", name="Importer un classeur").click()
    page.get_by_label("Classeur").set_input_files(file)
    press(page, "Lire le classeur")
    changes = page.get_by_role("region", name="À modifier")
    expect(changes.locator("ins")).to_have_text(f"{former} (revu l’été)")
    expect(page.locator(".chiffres li").nth(1)).to_contain_text("1")
    press(page, "Importer")
    assert "1 ligne modifiée" in told(page)
    expect(page.get_by_role("link", name=f"{former} (revu l’été)")).to_be_visible()
    # the same file again: somebody has written since, nothing would change
    page.get_by_role("link", name="Importer un classeur").click()
    page.get_by_label("Classeur").set_input_files(file)
    press(page, "Lire le classeur")
    expect(page.get_by_text("Ce classeur ne change rien.")).to_be_visible()
    seat.close()


def test_a_workbook_with_a_fault_is_told_line_by_line(workspace: Workspace) -> None:
    seat = workspace.open("mission")
    page = seat.page
    page.goto(f"{workspace.root}registres/organisations/importer/{workspace.facts['import']}/")
    problems = page.get_by_role("region", name="Problèmes")
    expect(problems).to_contain_text("ligne 3")
    expect(problems).to_contain_text("Inconnue")
    assert page.get_by_role("button", name="Importer", exact=True).count() == 0
    seat.close()


def test_a_meeting_is_prepared_then_its_attendance_noted(workspace: Workspace) -> None:
    seat = workspace.open("mission")
    page = seat.page
    page.goto(f"{workspace.root}reunions/{workspace.facts['reunion']}/")
    expect(page.get_by_role("region", name="Ordre du jour").get_by_role("listitem")).to_have_count(
        2
    )
    lens = page.get_by_role("group", name=re.compile("Commune de Lens"))
    lens.get_by_label("Présence").select_option(label="Présent")
    lens.get_by_label("Personnes").fill("2")
    lens.get_by_label("Femmes").fill("1")
    page.get_by_label("Noter absentes celles qui restent sans réponse").check()
    press(page, "Enregistrer les présences")
    expect(page.get_by_role("group", name=re.compile("Commune de Lens")).get_by_label(
        "Personnes")).to_have_value("2")  # fmt: skip
    states = page.locator("select[name^='etat-']").evaluate_all("e => e.map((s) => s.value)")
    assert sorted(states) == ["absent", "absent", "absent", "present"]
    page.get_by_label("Ce qui est décidé").fill("Écrire aux bailleurs avant l’été")
    page.get_by_label("Pour le").fill((dt.date.today() + dt.timedelta(30)).isoformat())
    press(page, "Noter la décision")
    expect(page.get_by_role("link", name="Écrire aux bailleurs avant l’été")).to_be_visible()
    page.get_by_role("link", name="Inviter…").click()
    press(page, "Envoyer aux structures cochées")
    assert "Message envoyé" in told(page)
    assert "Salle des fêtes" in workspace.letter("Comité technique")
    seat.close()


# ------------------------------------------------------------------ who leads a commune


def test_a_project_leader_comes_by_an_invitation(workspace: Workspace) -> None:
    """Without a script: from the link of the message to what she may and may not write."""
    keeper = workspace.open("seconde", scripts=False)
    page = keeper.page
    page.goto(f"{workspace.root}membres/")
    page.get_by_label("Adresse électronique").fill("nouvelle.cheffe@exemple.fr")
    page.get_by_label("Rôle").select_option(label="cheffe ou chef de projet")
    page.get_by_label("Organisation").select_option(label="Commune de Lens")
    press(page, "Envoyer l’invitation")
    assert "Invitation envoyée à nouvelle.cheffe@exemple.fr" in told(page)
    keeper.close()

    letter = workspace.letter("Invitation au contrat de ville")
    link = re.search(r"https?://\S+/invitation/\S+", letter)
    assert link is not None
    seat = workspace.open("public", scripts=False)
    page = seat.page
    page.goto(link[0])
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lens-Liévin")
    page.get_by_label("Nom affiché aux autres membres").fill("Ariel d’Ailleurs")
    page.get_by_label("Mot de passe").fill("lapin-lune-tramway-54")
    press(page, "Ouvrir mon compte et accepter")
    assert urlsplit(page.url).path == workspace.root and "Bienvenue" in told(page)

    # her neighbourhoods’ actions: she may write them; others, she reads, and is told why
    page.goto(f"{workspace.root}registres/actions/")
    page.get_by_role("link", name="2026-901").click()
    page.get_by_role("link", name="Modifier", exact=True).click()
    page.get_by_label("Remarque").fill("Le jardin a ouvert.")
    press(page, "Enregistrer")
    expect(page.get_by_text("Le jardin a ouvert.")).to_be_visible()
    page.goto(workspace.row("actions", "ailleurs"))
    assert page.get_by_role("link", name="Modifier", exact=True).count() == 0
    expect(page.get_by_text("vous pouvez la lire, pas la modifier")).to_be_visible()
    seat.watch.expected |= {403, 410}
    page.goto(f"{workspace.row('actions', 'ailleurs')}modifier/")
    assert "pas la modifier" in page.inner_text("main")
    assert page.get_by_role("button", name="Enregistrer").count() == 0
    page.goto(link[0])
    expect(page.get_by_role("heading", level=1)).to_contain_text("n’est plus valable")
    seat.close()


# ------------------------------------------------------------------ a councillor, on a telephone


def test_a_councillor_carries_a_need_from_her_telephone_to_all(workspace: Workspace) -> None:
    seat = workspace.open("citoyenne", phone=True)
    page = seat.page
    page.goto(workspace.root)
    page.get_by_role("link", name="Participation", exact=True).tap()
    page.get_by_role("link", name="Noter un besoin ou une idée").tap()
    page.get_by_label("En quelques mots").fill("Un abri à l’arrêt « Épinette »")
    page.get_by_label("Texte publié").fill("On attend sous la pluie. Un abri suffirait.")
    page.get_by_label("Reçu le").fill(dt.date.today().isoformat())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Enregistrer", exact=True).tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Un abri à l’arrêt")
    expect(page.locator(".lieu .etat")).to_have_text("Reçu")
    expect(page.locator(".faits")).to_contain_text("Grande Résidence")
    need = page.url

    stranger = workspace.open("public", phone=True)
    stranger.page.goto(f"{workspace.public}participation/")
    assert "Un abri" not in stranger.page.inner_text("main"), "not read yet"

    keeper = workspace.open("seconde")
    keeper.page.goto(f"{workspace.root}participation/")
    keeper.page.get_by_role("link", name="Un abri à l’arrêt").click()
    press(keeper.page, "Publier")
    keeper.close()

    stranger.page.goto(f"{workspace.public}participation/")
    expect(
        stranger.page.get_by_role("heading", name="Un abri à l’arrêt « Épinette »")
    ).to_be_visible()
    stranger.close()
    page.goto(need)
    expect(page.locator(".faits")).to_contain_text("oui")
    seat.close()


def test_a_councillor_notes_what_she_sees_on_a_walk(workspace: Workspace, tmp_path: Path) -> None:
    from PIL import Image

    photo = tmp_path / "IMG 0001.jpg"
    Image.radial_gradient("L").convert("RGB").resize((900, 600)).save(photo, "JPEG")
    seat = workspace.open("citoyenne", phone=True)
    page = seat.page
    page.goto(f"{workspace.root}participation/marches/{workspace.facts['marche']}/")
    page.get_by_label("Ce que vous voyez").fill("Un banc cassé devant l’école")
    page.get_by_label("Photo", exact=True).set_input_files(photo)
    page.get_by_label("Où").fill("Square de l’Épinette")
    page.get_by_role("button", name="Noter").tap()
    seen = page.get_by_role("listitem").filter(has_text="Un banc cassé devant l’école")
    expect(seen).to_contain_text("Relevée")
    expect(seen.get_by_role("img")).to_have_count(1)
    assert seen.get_by_role("img").evaluate("e => e.complete ? e.naturalWidth : 900") > 0
    seat.close()
    stranger = workspace.open("public")
    stranger.page.goto(f"{workspace.public}participation/")
    assert "banc cassé" not in stranger.page.inner_text("main")
    stranger.close()


def test_a_resident_without_account_sends_then_follows(workspace: Workspace) -> None:
    seat = workspace.open("public", phone=True, scripts=False)
    page = seat.page
    page.goto(f"{workspace.public}participation/")
    page.get_by_role("link", name=re.compile("besoin|idée", re.I)).first.tap()
    page.get_by_label("En quelques mots").fill("De l’ombre dans la cour")
    page.get_by_label("Expliquez").fill("La cour de l’école brûle l’été.")
    page.wait_for_timeout(3100)  # a person takes longer than three seconds
    page.get_by_role("button", name="Envoyer").tap()
    page.wait_for_url(re.compile("/suivi/"))
    code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", page.inner_text("main"))
    assert code is not None
    page.goto(f"{workspace.public}participation/suivi/")
    page.get_by_label("Votre code").fill(code[0].lower().replace("-", " "))
    page.get_by_role("button", name="Voir la suite").tap()
    expect(page.locator("main")).to_contain_text("Pas encore de réponse")
    assert "brûle" not in page.inner_text("main"), "nobody has read it yet"
    seat.close()
