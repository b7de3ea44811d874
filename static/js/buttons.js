// Buttons that only a script can press: copy a field's text, print the page. Without this script they stay hidden.

const status = document.querySelector("[data-copied]");

// What is pasted keeps its look where the other program takes it.
function copyBoth(html, text) {
  const parts = { "text/html": html, "text/plain": text };
  const blobs = Object.entries(parts).map(([type, part]) => [type, new Blob([part], { type })]);
  return navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
}

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  const html = document.getElementById(button.dataset.copyHtml);
  if (!html) field.select();
  try {
    await (html ? copyBoth(html.value, field.value) : navigator.clipboard.writeText(field.value));
    status.textContent = "Copié.";
  } catch {
    // Refused, or not on HTTPS: the text is selected all the same, or was shown to be.
    status.textContent = html
      ? "Le navigateur refuse de copier : sélectionnez la signature ci-dessus, puis Ctrl+C."
      : "Le texte est sélectionné : copiez-le avec Ctrl+C ou par un appui long.";
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
