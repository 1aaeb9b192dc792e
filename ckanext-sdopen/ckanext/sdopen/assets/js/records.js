/* The form of a catalog or interface: rows of tables are added and removed, elements that do not apply are hidden. */
(function () {
  "use strict";

  function renumber(table) {
    table.querySelectorAll("tbody .sd-row").forEach(function (row, index) {
      row.querySelector(".sd-number").textContent = index + 1;
    });
  }

  function setUpRows(box) {
    var body = box.querySelector("tbody");
    var template = box.querySelector("template");
    var next = body.children.length;
    box.querySelector("[data-sd-add]").addEventListener("click", function () {
      body.insertAdjacentHTML("beforeend", template.innerHTML.replace(/SD-NUMBER/g, next));
      next += 1;
      renumber(box);
      body.lastElementChild.querySelector("input, select").focus();
    });
    box.addEventListener("click", function (event) {
      var button = event.target.closest("[data-sd-remove]");
      if (button) {
        button.closest(".sd-row").remove();
        renumber(box);
      }
    });
    renumber(box);
  }

  function setUpConditions(form) {
    var fields = form.querySelectorAll("[data-sd-shown-when]");
    function apply() {
      fields.forEach(function (field) {
        var wanted = JSON.parse(field.dataset.sdShownWhen);
        field.hidden = !Object.keys(wanted).every(function (name) {
          var input = form.elements[name];
          return !input || !input.value || wanted[name].indexOf(input.value) >= 0;
        });
      });
    }
    form.addEventListener("change", apply);
    apply();
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-sd-rows]").forEach(setUpRows);
    document.querySelectorAll("form.sd-form").forEach(setUpConditions);
  });
})();
