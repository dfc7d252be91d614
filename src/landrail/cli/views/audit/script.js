(function () {
  "use strict";
  var rows = Array.prototype.slice.call(document.querySelectorAll("#findings tbody tr"));
  var words = document.getElementById("words");
  var account = document.getElementById("account");
  var guardrail = document.getElementById("guardrail");
  var shown = document.getElementById("shown");
  var buttons = Array.prototype.slice.call(document.querySelectorAll("button[data-key]"));
  if (!rows.length || !words) { return; }
  document.documentElement.classList.add("live");

  function pressed(key) {
    return buttons.filter(function (b) {
      return b.dataset.key === key && b.getAttribute("aria-pressed") === "true";
    }).map(function (b) { return b.dataset.value; });
  }

  function apply() {
    var text = words.value.trim().toLowerCase();
    var severities = pressed("severity");
    var states = pressed("state");
    var count = 0;
    rows.forEach(function (row) {
      var fits = (!text || row.textContent.toLowerCase().indexOf(text) >= 0) &&
        (!account.value || row.dataset.account === account.value) &&
        (!guardrail.value || row.dataset.guardrail === guardrail.value) &&
        (!severities.length || severities.indexOf(row.dataset.severity) >= 0) &&
        (!states.length || states.indexOf(row.dataset.state) >= 0);
      row.hidden = !fits;
      count += fits ? 1 : 0;
    });
    shown.textContent = count + " of " + rows.length;
  }

  buttons.forEach(function (button) {
    button.addEventListener("click", function () {
      button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true");
      apply();
    });
  });
  [words, account, guardrail].forEach(function (field) { field.addEventListener("input", apply); });
  Array.prototype.forEach.call(document.querySelectorAll("a[data-pick]"), function (link) {
    link.addEventListener("click", function () {
      var field = document.getElementById(link.dataset.pick);
      field.value = link.dataset.value;
      apply();
    });
  });
  apply();
})();
