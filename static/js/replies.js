// A ready text goes into the message at once. Without this script the same button asks the server for it.

const choice = document.querySelector("#id_reply");
const message = document.querySelector("#id_comment");

document.querySelector("button[name=insert]")?.addEventListener("click", (event) => {
  const { text } = choice.selectedOptions[0].dataset;
  if (text === undefined) return; // the server says what is missing
  event.preventDefault();
  message.value = [message.value.trim(), text].filter(Boolean).join("\n\n");
  message.focus();
});
