/* What could not be sent yet, kept on this computer: AES-GCM in IndexedDB. The server derives the key for this account and
   this computer; here it can be used and not read, and goes when they sign out, or have done nothing for too long. Beside
   an entry stands a number in place of its owner; nobody else's script can tell whose it is, nor open it. */
"use strict";
window.onethingOutbox = (function () {
  var NAME = "onething-outbox";
  var account = document.body.dataset.account || "";
  var offset = 0; /* of the server's clock */
  var opened = null;

  if (!window.indexedDB || !window.crypto || !window.crypto.subtle || !window.fetch || !navigator.serviceWorker) { return null; }

  function open() {
    opened = opened || new Promise(function (done, failed) {
      var asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = function () {
        asked.result.createObjectStore("entries", { keyPath: "seq", autoIncrement: true });
        asked.result.createObjectStore("own");
      };
      asked.onsuccess = function () { done(asked.result); };
      asked.onerror = function () { failed(asked.error); };
    });
    return opened;
  }

  /* `act` asks one thing of a store; its answer, once it is written */
  function within(name, mode, act) {
    return open().then(function (database) {
      return new Promise(function (done, failed) {
        var transaction = database.transaction(name, mode);
        var asked = act(transaction.objectStore(name));
        transaction.oncomplete = function () { done(asked.result); };
        transaction.onabort = transaction.onerror = function () { failed(transaction.error); };
      });
    });
  }

  function get(name) { return within("own", "readonly", function (store) { return store.get(name); }); }
  function put(name, value) { return within("own", "readwrite", function (store) { return store.put(value, name); }); }
  function all() { return within("entries", "readonly", function (store) { return store.getAll(); }); }
  function drop(seq) { return within("entries", "readwrite", function (store) { return store.delete(seq); }); }
  function forget() { return within("own", "readwrite", function (store) { return store.delete("keys"); }); }

  function now() { return Date.now() + offset; }

  function random(bytes) {
    return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), function (one) { return (one + 256).toString(16).slice(1); }).join("");
  }

  function device() {
    return get("device").then(function (known) {
      if (known) { return known; }
      known = random(16);
      return put("device", known).then(function () { return known; });
    });
  }

  /* of whoever is signed in here; none once they have done nothing for too long. A page of somebody else's has none either,
     and leaves it alone: it may be an old one, and its owner the one who is here */
  function keys() {
    return get("keys").then(function (kept) {
      if (!kept) { return null; }
      offset = kept.offset;
      if (now() >= kept.until) { return forget().then(function () { return null; }); }
      return !account || account === kept.account ? kept : null;
    });
  }

  /* whether those of somebody else lie here still */
  function of_another() { return get("keys").then(function (kept) { return Boolean(kept && account && account !== kept.account); }); }

  function use() {
    return keys().then(function (kept) {
      if (!kept) { return null; }
      kept.until = Math.min(kept.ends, now() + kept.idle);
      return put("keys", kept);
    });
  }

  function imported(one) {
    var raw = Uint8Array.from(atob(one.key), function (char) { return char.charCodeAt(0); });
    return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]).then(function (key) {
      return { id: one.id, owner: one.owner, key: key };
    });
  }

  /* `told`: what the server says of this account and computer */
  function keep(told) {
    offset = told.now_ms - Date.now();
    return Promise.all(told.keys.map(imported)).then(function (made) {
      var kept = { account: told.account, keys: made, offset: offset, contact: told.now_ms, ends: told.ends_ms, idle: told.idle_s * 1000 };
      kept.until = Math.min(kept.ends, now() + kept.idle);
      account = told.account;
      return put("keys", kept).then(function () { return kept; });
    });
  }

  function sealed(key, bytes, bound) {
    var iv = crypto.getRandomValues(new Uint8Array(12));
    return crypto.subtle.encrypt({ name: "AES-GCM", iv: iv, additionalData: bound }, key, bytes).then(function (data) {
      return { iv: iv, data: data };
    });
  }

  function unsealed(key, one, bound) {
    return crypto.subtle.decrypt({ name: "AES-GCM", iv: one.iv, additionalData: bound }, key, one.data);
  }

  function bound(row, what) { return new TextEncoder().encode(row.owner + "/" + row.id + "/" + what); }

  function of(kept, row) { return kept.keys.filter(function (one) { return one.owner === row.owner; })[0]; }

  /* `entry`: what it says; `files`: their bytes, or none where they stay as they are. Its number in the line */
  function save(kept, entry, files) {
    var own = entry.row ? of(kept, entry.row) : kept.keys[0];
    var row = entry.row || { id: random(16), owner: own.owner, files: [] };
    var value = Object.assign({}, entry);
    delete value.row;
    row.done = entry.number || entry.state === "carried" ? now() : 0; /* not to be sent, and gone tomorrow */
    var bytes = new TextEncoder().encode(JSON.stringify(value));
    return sealed(own.key, bytes, bound(row, "entry")).then(function (made) {
      row.entry = made;
      if (!files) { return row.files; }
      return Promise.all(files.map(function (one, at) { return sealed(own.key, one, bound(row, "file-" + at)); }));
    }).then(function (made) {
      row.files = made;
      return within("entries", "readwrite", function (store) { return store.put(row); });
    }).then(function (seq) {
      row.seq = seq;
      entry.row = row;
      return entry;
    });
  }

  /* null where it can't be read any more */
  function read(kept, row) {
    return Promise.resolve(row).then(function () {
      return unsealed(of(kept, row).key, row.entry, bound(row, "entry"));
    }).then(function (bytes) {
      var entry = JSON.parse(new TextDecoder().decode(bytes));
      entry.row = row;
      return entry;
    }).catch(function () { return null; });
  }

  /* rejects where it can't be read any more */
  function file(kept, entry, at) {
    return Promise.resolve(entry.row).then(function (row) { return unsealed(of(kept, row).key, row.files[at], bound(row, "file-" + at)); });
  }

  /* own ones in the order in which they were made, rows of those that can't be read, and how many of others there are */
  function list() {
    return Promise.all([keys(), all()]).then(function (found) {
      var kept = found[0];
      var own = found[1].filter(function (row) { return kept && of(kept, row); });
      var others = found[1].filter(function (row) { return !row.done && own.indexOf(row) < 0; }).length;
      return Promise.all(own.map(function (row) { return read(kept, row); })).then(function (read_ones) {
        var damaged = own.filter(function (row, at) { return !read_ones[at]; });
        return { keys: kept, entries: read_ones.filter(Boolean), damaged: damaged, others: others };
      });
    });
  }

  return { now: now, random: random, device: device, keys: keys, of_another: of_another, use: use, keep: keep, forget: forget, save: save, file: file, list: list, all: all, drop: drop };
})();
