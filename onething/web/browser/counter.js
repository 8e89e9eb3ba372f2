/* The counter by the keyboard alone: F2 scan box, F4 next part, F8 next mistake, Enter to the next field, figures choose
   and stay, Ctrl+Enter the page's main button; outside fields P prints and N takes the next. Nothing while signs are composed. */
"use strict";
(function () {
  var FIELDS = "input:not([type=hidden]):not([disabled]), select:not([disabled]), textarea:not([disabled]), button:not([disabled])";

  function visible(element) { return element.offsetParent !== null && !element.closest("details:not([open])"); }

  function all(selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); }

  /* where the keyboard goes through a form: of the radios of one name one; to a button only where Ctrl+Enter presses none,
     for one more Enter would send the page and begin it again */
  function stops(form) {
    var main = document.querySelector("[data-main]");
    return all(FIELDS, form).filter(function (field) {
      if (!visible(field) || field.hasAttribute("data-skip") || (main && field.tagName === "BUTTON")) { return false; }
      if (field.type !== "radio") { return true; }
      var group = all("input[type=radio]", form).filter(function (one) { return one.name === field.name; });
      var checked = group.filter(function (one) { return one.checked; })[0];
      return field === (checked || group[0]);
    });
  }

  function go(field) {
    field.focus();
    if (field.select && field.type !== "radio" && field.type !== "checkbox") { field.select(); }
  }

  function next(form, field) {
    var found = stops(form);
    var at = found.indexOf(field);
    if (at < 0 && field.type === "radio") {
      at = found.map(function (one) { return one.name; }).indexOf(field.name);
    }
    if (at >= 0 && found[at + 1]) { go(found[at + 1]); }
  }

  /* what readers put around the text that they read */
  function withoutControls(field) {
    var plain = field.value.replace(/[\u0000-\u001f\u007f]/g, "");
    if (plain !== field.value) { field.value = plain; }
  }

  function changed(field) { field.dispatchEvent(new Event("change", { bubbles: true })); }

  /* the focus stays: what moves is Enter, once */
  function choose(form, field, figure) {
    var options;
    if (field.type === "radio") {
      options = all("input[type=radio]", form).filter(function (one) { return one.name === field.name; });
      if (!options[figure - 1]) { return false; }
      options[figure - 1].checked = true;
      options[figure - 1].focus();
      changed(options[figure - 1]);
      return true;
    }
    options = all("option", field).filter(function (one) { return one.value; });
    if (!options[figure - 1]) { return false; }
    field.value = options[figure - 1].value;
    changed(field);
    return true;
  }

  function scanBox() {
    var form = document.querySelector("[data-scan]");
    return form ? document.getElementById(form.getAttribute("data-scan")) : null;
  }

  /* the part in which they were last: what has the focus may just have been replaced */
  var lastPart = "";
  document.addEventListener("focusin", function (event) {
    var part = event.target.closest ? event.target.closest("[data-section]") : null;
    if (part) { lastPart = part.getAttribute("aria-labelledby"); }
  });

  function nextPart() {
    var parts = all("[data-section]").filter(function (part) { return visible(part) && stops(part).length; });
    var at = parts.map(function (part) { return part.getAttribute("aria-labelledby"); }).indexOf(lastPart);
    var part = parts[at + 1] || parts[0];
    var field = part && stops(part)[0];
    if (field) { go(field); }
  }

  function nextMistake() {
    var wrong = all(".wrong input:not([type=hidden]), .wrong select, .wrong textarea, [aria-invalid=true]").filter(visible);
    wrong = wrong.filter(function (one, index) { return wrong.indexOf(one) === index && one.tagName !== "FIELDSET"; });
    if (!wrong.length) { return; }
    go(wrong[(wrong.indexOf(document.activeElement) + 1) % wrong.length]);
  }

  /* 收件, as the navigation has it; not away from a form that is being filled in */
  function nextOne() { return document.querySelector("main form[data-enter-moves]") ? null : document.querySelector("nav a[href='/counter/new']"); }

  function isField(element) { return /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName); }

  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.keyCode === 229 || document.querySelector("dialog[open]")) { return; }
    var target = event.target;
    var form = target.closest ? target.closest("form[data-enter-moves]") : null;
    var box, main;
    if (event.key === "F2" && (box = scanBox())) { event.preventDefault(); go(box); return; }
    if (event.key === "F4" && !event.altKey && document.querySelector("[data-section]")) { event.preventDefault(); nextPart(); return; }
    if (event.key === "F8") { event.preventDefault(); nextMistake(); return; }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      main = document.querySelector("[data-main]");
      if (main) { event.preventDefault(); main.click(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "Enter" && form && isField(target) && target.tagName !== "TEXTAREA") {
      event.preventDefault(); /* a reader ends with it: it reads, and submits nothing */
      withoutControls(target);
      next(form, target);
      return;
    }
    if (form && /^[1-9]$/.test(event.key) && (target.type === "radio" || target.tagName === "SELECT")) {
      if (choose(form, target, Number(event.key))) { event.preventDefault(); }
      return;
    }
    if (!isField(target) && window.onethingKeys(event) && (event.key === "p" || event.key === "P" || event.key === "n" || event.key === "N")) {
      main = document.querySelector("[data-key='" + event.key.toLowerCase() + "']") || (/n/i.test(event.key) && nextOne());
      if (main) { event.preventDefault(); main.click(); }
    }
  });

  document.addEventListener("change", function (event) {
    if (event.target.matches && event.target.matches("form[data-scan] input")) { withoutControls(event.target); }
  });

  /* what was typed while an answer was on its way stays, though the answer takes the place of the fields */
  function state(form) {
    var found = {};
    all("input[id], select[id], textarea[id]", form).forEach(function (field) {
      found[field.id] = /^(radio|checkbox)$/.test(field.type) ? field.checked : field.value;
    });
    return found;
  }

  function put(values) {
    Object.keys(values).forEach(function (id) {
      var field = document.getElementById(id);
      if (!field) { return; }
      if (/^(radio|checkbox)$/.test(field.type)) { field.checked = values[id]; } else { field.value = values[id]; }
      changed(field);
    });
  }

  /* what is being saved is saved first: else the form would be of a version that has just gone */
  var parts = window.onethingParts;
  var saving = 0;
  var held = null;
  var own = document.querySelector("form[data-scan] [data-saves]") ? document.querySelector("form[data-scan]") : null;
  var before = {};
  var since = {};
  if (parts && own) {
    parts.began(function () { saving += 1; before = state(own); });
    parts.leaving(function () {
      var now = state(own);
      since = {};
      Object.keys(now).forEach(function (id) { if (before[id] !== now[id]) { since[id] = now[id]; } });
    });
    parts.placed(function () { var values = since; since = {}; put(values); });
    parts.ended(function () {
      saving -= 1;
      if (saving > 0 || !held) { return; }
      var button = held;
      held = null;
      window.setTimeout(function () { button.click(); }, 0);
    });
    document.addEventListener("submit", function (event) {
      if (saving > 0 && event.submitter && event.target.querySelector("[data-saves]")) {
        event.preventDefault();
        event.stopPropagation();
        held = event.submitter;
      }
    }, true);
  }

  document.addEventListener("click", function (event) {
    if (event.target.closest && event.target.closest("[data-print]")) { window.print(); }
  });

  if (!document.querySelector("[data-focus]")) {
    var box = scanBox() || document.querySelector("[data-first]");
    /* of what is kept already nothing is marked, to be typed over by whoever thinks to be elsewhere */
    if (box && !(own && box.value)) { go(box); }
  }
})();
