// Buttons that only a script can press: copy a field's text, print the page. Without this script they stay hidden.

const status = document.querySelector("[data-copied]");

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    status.textContent = "Copié.";
  } catch {
    // Refused, or not on HTTPS: the text is selected all the same.
    status.textContent = "Le texte est sélectionné : copiez-le avec Ctrl+C ou par un appui long.";
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
