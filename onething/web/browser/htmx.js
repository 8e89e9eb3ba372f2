/* The one place that knows the names of the library's events. */
"use strict";
(function () {
  function on(name, act) { document.addEventListener(name, act); }

  window.onethingParts = {
    /* a part of the page was put in place */
    placed: function (act) { on("htmx:afterSettle", function (event) { act(event.detail.elt || event.target); }); },
    /* a part of the page is about to be put in place */
    leaving: function (act) { on("htmx:beforeSwap", function () { act(); }); },
    began: function (act) { on("htmx:beforeRequest", function (event) { act(event.detail.elt); }); },
    ended: function (act) { on("htmx:afterRequest", function (event) { act(event.detail.elt, event.detail.successful); }); },
    cut: function (act) { on("htmx:sendError", function (event) { act(event.detail.elt); }); },
  };
})();
