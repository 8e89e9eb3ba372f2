/* Keys that act by themselves: only outside fields, never while signs are composed, not under a dialog, and not where they
   were switched off. `?` tells which there are. */
"use strict";
(function () {
  function acts(event) {
    var target = event.target;
    return document.body.dataset.keys !== "off" && !event.isComposing && event.keyCode !== 229 &&
      !event.ctrlKey && !event.altKey && !event.metaKey && !document.querySelector("dialog[open]") &&
      !target.isContentEditable && !(/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.type !== "checkbox");
  }

  var dialog = document.getElementById("keys");
  document.addEventListener("keydown", function (event) {
    if (event.key !== "?" || !acts(event) || !dialog || !dialog.showModal) { return; }
    event.preventDefault();
    dialog.showModal();
  });
  if (dialog) { dialog.querySelector("[data-close]").addEventListener("click", function () { dialog.close(); }); }

  window.onethingKeys = acts;
})();
