// The question form: one right answer for single choice and true/false, several for multiple choice. The server checks
// the same; without this script every kind simply has check boxes.
const kind = document.querySelector('select[name="kind"]');
const table = document.querySelector("[data-option-table]");

function follow() {
  const type = kind.value === "multiple" ? "checkbox" : "radio";
  for (const box of table.querySelectorAll('input[name$="-right"]')) box.type = type;
  for (const share of table.querySelectorAll('input[name*="-percent-"]')) share.disabled = kind.value !== "multiple";
}

if (kind && table) {
  kind.addEventListener("change", follow);
  follow();
}
