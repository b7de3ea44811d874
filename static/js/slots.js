// "Ajouter un créneau" without a round trip: copies <template id="slot-template">
// into #slots. Without this script the button submits the form and the server adds the row.

const rows = document.querySelector("#slots");
const template = document.querySelector("#slot-template");
const total = document.querySelector("#id_slots-TOTAL_FORMS");
const most = document.querySelector("#id_slots-MAX_NUM_FORMS");
const button = document.querySelector("#add-slot");

// Replaces __prefix__ in every attribute, and fills [data-slot-number].
function numberedRow(index) {
  const row = template.content.cloneNode(true);
  for (const element of row.querySelectorAll("*")) {
    for (const attribute of element.attributes) {
      attribute.value = attribute.value.replaceAll("__prefix__", index);
    }
    if (element.matches("[data-slot-number]")) {
      element.textContent = index + 1;
    }
  }
  return row;
}

function isFull() {
  return most !== null && Number(total.value) >= Number(most.value);
}

function addRow() {
  rows.append(numberedRow(Number(total.value)));
  total.value = Number(total.value) + 1;
  const row = rows.querySelector(".slot:last-of-type") ?? rows.lastElementChild;
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  button.hidden = isFull();
}

if (rows && template && total && button) {
  button.hidden = isFull();
  button.addEventListener("click", (event) => {
    event.preventDefault();
    addRow();
  });
}
