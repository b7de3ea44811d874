// Buttons that only a script can press: copy a field's text, print the page. Without this script they stay hidden.

const status = document.querySelector("[data-copied]");

// What is pasted keeps its look where the other program takes it. Not `clipboard.write`: it reads the HTML in this
// page, whose policy takes every style away.
function copyBoth(html, text) {
  const fill = (event) => {
    event.preventDefault();
    event.clipboardData.setData("text/html", html);
    event.clipboardData.setData("text/plain", text);
  };
  document.addEventListener("copy", fill, { once: true });
  // Some browsers copy only where something is selected; where all refuse, it is selected for the visitor.
  getSelection().selectAllChildren(document.querySelector(".signature"));
  if (!document.execCommand("copy")) throw new Error("refused");
}

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  const html = document.getElementById(button.dataset.copyHtml);
  if (!html) field.select();
  try {
    await (html ? copyBoth(html.value, field.value) : navigator.clipboard.writeText(field.value));
    status.textContent = "Copié.";
  } catch {
    // Refused, or not on HTTPS: the text is selected all the same.
    status.textContent = html
      ? "Le navigateur refuse de copier : la signature est sélectionnée, copiez-la avec Ctrl+C."
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
