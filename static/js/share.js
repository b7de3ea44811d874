// Shares a page's address: by the device's own sheet where there is one, else by copying it.
// Without JavaScript the link by mail stands alone.

for (const place of document.querySelectorAll("[data-share]")) {
  const { url, title } = place.dataset;
  const status = place.querySelector("[data-share-status]");
  const share = place.querySelector("[data-share-button]");
  const copy = place.querySelector("[data-copy-button]");

  const say = (text) => {
    status.textContent = text;
  };
  if (navigator.share) {
    share.hidden = false;
    // A refusal is the visitor's own choice to close the sheet: nothing to say.
    share.addEventListener("click", () => navigator.share({ title, url }).catch(() => {}));
  }
  if (navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", () =>
      navigator.clipboard.writeText(url).then(
        () => say("Adresse copiée."),
        () => say(`Le navigateur refuse de copier. Voici l’adresse : ${url}`),
      ),
    );
  }
}
