// Passkeys: starts allauth's script on the page's form, and says in French what went wrong.
// Without JavaScript there are no passkeys: their form stays hidden and a sentence says why.

const REASONS = {
  NotAllowedError: "La clé n’a pas répondu, ou vous avez annulé. Vous pouvez réessayer.",
  InvalidStateError: "Cette clé est déjà ajoutée à votre compte.",
  SecurityError:
    "Le navigateur refuse les clés d’accès à cette adresse : ouvrez le site par son nom, en https.",
};
const OTHER = "La clé d’accès n’a pas marché. Réessayez, ou connectez-vous autrement.";
const NO_KEYS = "Ce navigateur ne connaît pas les clés d’accès à cette adresse.";

const alert = document.querySelector("[data-passkey-alert]");
document.querySelector("[data-passkey-off]").hidden = true;
const say = (text) => {
  alert.className = "notice bad";
  alert.textContent = text;
};

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  say(REASONS[event.detail.exception.name] ?? OTHER);
});

for (const form of document.querySelectorAll("[data-passkey]")) {
  const id = (name) => form.querySelector(`[name="${name}"]`)?.id;
  const button = form.querySelector("#passkey_button").id;
  const ids = { add: button, login: button, authenticate: button, credential: id("credential") };
  if (form.passwordless) ids.passwordless = id("passwordless");
  if (document.getElementById("passkey_data")) ids.data = "passkey_data";
  if (window.PublicKeyCredential) {
    form.hidden = false;
    window.allauth.webauthn.forms[form.dataset.passkey]({ ids });
  } else if (form.dataset.passkey !== "loginForm") {
    say(NO_KEYS);
  }
}
