/* What fails in our scripts is told to the server: of which kind, in which file, at which line. Never its words, which may
   hold what somebody typed. First of all files, so that it hears of what fails in the others; five times a page at most. */
"use strict";
(function () {
  var MOST = 5;
  var OURS = /\/static\/[0-9a-f]+\/([\w.-]+)(?::(\d+))?/;
  var told = 0;

  function tell(error, file, line) {
    var here = OURS.exec(file || "");
    var at = here || OURS.exec((error && error.stack) || "");
    if (!at || told >= MOST) { return; } /* what others have put into the page is no fault of ours */
    told += 1;
    var body = new URLSearchParams([["kind", (error && error.name) || ""], ["file", at[1]], ["line", String((here ? line : at[2]) || 0)]]);
    fetch("/script-errors", { method: "POST", body: body, keepalive: true }).catch(function () { /* told another time */ });
  }

  window.addEventListener("error", function (event) { tell(event.error, event.filename, event.lineno); });
  window.addEventListener("unhandledrejection", function (event) { tell(event.reason); });
})();
