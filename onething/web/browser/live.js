/* What is new, told to every open tab by one stream: the tab that holds the lock listens and passes it on. Without a
   stream pages are read anew each half minute. `window.onethingLive(topic, act)`; `act` reads what is shown anew. */
"use strict";
(function () {
  var POLL_MS = 30000;
  var wanted = {};
  var heardAt = 0;
  var source = null;
  var channel = window.BroadcastChannel ? new BroadcastChannel("onething-live") : null;

  function tell(topic) {
    heardAt = Date.now();
    (wanted[topic] || []).forEach(function (act) { act(); });
  }

  function listen(topics) {
    if (source) { source.close(); }
    source = new EventSource("/stream?topics=" + encodeURIComponent(topics.join(",")));
    source.addEventListener("changed", function (event) {
      var topic = JSON.parse(event.data).topic;
      tell(topic);
      if (channel) { channel.postMessage({ changed: topic }); }
    });
    source.addEventListener("bye", function () { source.close(); source = null; });
  }

  function lead() {
    var topics = Object.keys(wanted);
    if (channel) {
      channel.onmessage = function (event) {
        if (!event.data.wants) { return; }
        var more = event.data.wants.filter(function (topic) { return topics.indexOf(topic) < 0; });
        if (more.length) { topics = topics.concat(more); listen(topics); }
      };
      channel.postMessage({ who: true });
    }
    listen(topics);
    return new Promise(function () {}); /* the lock is held as long as the tab is there */
  }

  function begin() {
    if (!window.EventSource) { return; }
    if (!channel || !navigator.locks) { lead(); return; }
    channel.onmessage = function (event) {
      if (event.data.changed) { tell(event.data.changed); }
      if (event.data.who) { channel.postMessage({ wants: Object.keys(wanted) }); }
    };
    channel.postMessage({ wants: Object.keys(wanted) });
    navigator.locks.request("onething-live", lead);
  }

  var begun = false;
  window.onethingLive = function (topic, act) {
    (wanted[topic] = wanted[topic] || []).push(act);
    if (!begun) { begun = true; window.setTimeout(begin, 0); }
    window.setInterval(function () {
      if (!document.hidden && Date.now() - heardAt > POLL_MS) { act(); }
    }, POLL_MS);
  };
})();
