/* Views of files, which stand in frames: hands CKAN's scripts what the page holds as data, for no script may stand in it. */
(function () {
  "use strict";

  function held(name) {
    var element = document.getElementById(name);
    return element ? JSON.parse(element.textContent) : undefined;
  }

  var columns = document.getElementById("sd-columns");
  if (columns) {
    window.gdataDict = held("sd-columns");
    window.gresviewId = columns.dataset.view;
  }
  window.preload_resource = held("sd-resource");

  /* buttons that CKAN's script writes with attributes `onclick` */
  var table = document.getElementById("dtprv");
  var pressed = {
    "refit-button": function () { window.fitColText(); },
    "modalcopy-button": function (title) { window.copyModal(title); },
    "modalprint-button": function (title) { window.printModal(title); }
  };
  if (table) {
    /* CKAN hands what this function gives to setTimeout, which would run "undefined" as a text */
    document.addEventListener("DOMContentLoaded", function () {
      var observe = window.initFilterObserver;
      window.initFilterObserver = function () { observe(); return function () {}; };
    });
    document.addEventListener("click", function (event) {
      var button = event.target.closest("button[id]");
      if (button && pressed[button.id]) {
        pressed[button.id](table.dataset.packageName + "\u2014" + table.dataset.resourceName);
      }
    });
  }
})();
