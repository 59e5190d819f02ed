// What a page can do beyond being read: sort and filter its tables, and show what is folded where a link or a print needs it.
// Without it all is there, in the order of the file. Loads nothing, keeps nothing.
(function () {
    "use strict";
    var fewest_rows = 3, filtered_from = 8;

    function make(name, text, attributes) {
        var element = document.createElement(name);
        for (var key in attributes) element.setAttribute(key, attributes[key]);
        element.textContent = text;
        return element;
    }

    // The figure that a cell begins with; else its text. Empty: null, which sorts last.
    function value_of(row, column) {
        var text = row.cells[column] ? row.cells[column].textContent.trim() : "";
        var number = parseFloat(text.replace("\u2212", "-"));
        return text === "" ? null : isNaN(number) || !/^[-\u2212]?[\d.]/.test(text) ? text : number;
    }

    function compare(a, b) {
        if (typeof a === typeof b) return typeof a === "number" ? a - b : a.localeCompare(b);
        return typeof a === "number" ? -1 : 1;
    }

    // Ascending, descending, as it was.
    function sort(table, rows, heading, column) {
        var before = heading.getAttribute("aria-sort");
        var next = before === "ascending" ? "descending" : before === "descending" ? "none" : "ascending";
        var sign = next === "descending" ? -1 : 1;
        var sorted = rows.map(function (row, at) { return { row: row, at: at, value: value_of(row, column) }; });
        sorted.sort(function (x, y) {
            if (next === "none") return x.at - y.at;
            if (x.value === null || y.value === null)
                return (x.value === null) - (y.value === null) || x.at - y.at;
            return sign * compare(x.value, y.value) || x.at - y.at;
        });
        sorted.forEach(function (x) { table.tBodies[0].appendChild(x.row); });
        Array.prototype.forEach.call(heading.parentNode.cells, function (other) {
            other.setAttribute("aria-sort", other === heading ? next : "none");
        });
    }

    function add_sorting(table, rows) {
        Array.prototype.forEach.call(table.rows[0].cells, function (heading, column) {
            var button = make("button", "", { type: "button" });
            while (heading.firstChild) button.appendChild(heading.firstChild);
            heading.appendChild(button);
            heading.setAttribute("aria-sort", "none");
            heading.setAttribute("scope", "col");
            button.addEventListener("click", function () { sort(table, rows, heading, column); });
        });
    }

    // Rows that have every word.
    function add_filter(table, rows) {
        var frame = table.parentNode, box = make("p", "", { "class": "filter" });
        var label = make("label", "Only rows with "), input = make("input", "", { type: "search" });
        var status = make("span", "", { role: "status" });
        label.appendChild(input);
        box.appendChild(label);
        box.appendChild(document.createTextNode(" "));
        box.appendChild(status);
        frame.parentNode.insertBefore(box, frame);
        input.addEventListener("input", function () {
            var words = input.value.toLowerCase().split(/\s+/), n = 0;
            rows.forEach(function (row) {
                var text = row.textContent.toLowerCase();
                row.hidden = !words.every(function (word) { return text.indexOf(word) >= 0; });
                n += !row.hidden;
            });
            status.textContent = input.value.trim() ? n + " of " + rows.length : "";
        });
    }

    function enhance(table) {
        var rows = Array.prototype.slice.call(table.rows, 1);
        var is_headed = table.rows.length > 0 && Array.prototype.every.call(table.rows[0].cells, function (cell) {
            return cell.tagName === "TH" && cell.colSpan === 1;
        });
        if (!is_headed || rows.length < fewest_rows) return;
        add_sorting(table, rows);
        if (rows.length >= filtered_from) add_filter(table, rows);
    }

    // What a link leads to may be folded.
    function unfold_target() {
        var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
        for (var at = target; at; at = at.parentNode)
            if (at.tagName === "DETAILS") at.open = true;
        if (target) target.scrollIntoView();
    }

    var folded = [];
    window.addEventListener("beforeprint", function () {
        folded = Array.prototype.slice.call(document.querySelectorAll("details:not([open])"));
        folded.forEach(function (details) { details.open = true; });
    });
    window.addEventListener("afterprint", function () {
        folded.forEach(function (details) { details.open = false; });
    });
    window.addEventListener("hashchange", unfold_target);
    Array.prototype.forEach.call(document.querySelectorAll(".scroll table"), enhance);
    unfold_target();
})();
