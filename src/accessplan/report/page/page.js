"use strict";
{
  const ROWS = 50, COLUMNS = 40;
  const LIVE = "live", PLANNED = "planned", GOING = "to be revoked", ODD = "not in the document";
  const $ = (selector) => document.querySelector(selector);

  /** Make an element; texts become text, never markup. */
  function make(tag, about = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(about)) {
      if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== "" && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children.filter((child) => child !== ""));
    return element;
  }
  const hidden = (text) => make("span", { class: "hidden" }, text);
  const many = (count, one, more) => `${count.toLocaleString("en")} ${count === 1 ? one : more}`;

  // the data, as objects that know each other

  const data = JSON.parse($("#data").textContent);
  const things = data.things.map(([group, name, title, wider], number) => ({ number, group, name, title, wider }));
  const rights = data.rights.map(([words, short, level]) => ({ words, short, level }));
  const stations = data.stations.map(([words, address, place, url, reason, owner, since, until, review]) =>
    ({ words, address, place, url, reason, owner, since, until, review }));
  const remarks = data.remarks.map(([severity, rule, address, message, remedy, owner, place, url]) =>
    ({ severity, rule, address, message, remedy, owner, place, url }));
  const people = data.people.map((row, number) => {
    const reach = row.reach.map(([thing, right, mark, through]) =>
      ({ thing: things[thing], right: rights[right], mark, through: through.map((each) => stations[each]) }));
    const held = new Map();
    for (const each of reach) {
      if (each.mark === PLANNED) continue;
      held.set(each.thing.number, [...(held.get(each.thing.number) ?? []), each]);
    }
    const names = [...held.keys()].map((each) => things[each].title);
    return {
      ...row, number, reach, held, own: stations[row.own], remarks: row.remarks.map((each) => remarks[each]),
      accesses: held.size, text: fold([row.name, row.email, ...row.teams, ...names].join("\n")), sorts: fold(row.name),
    };
  });
  const byKey = new Map(people.map((person) => [keyOf(person), person]));

  function fold(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  }
  function keyOf(person) {
    return person.own.address;
  }

  // what is chosen: the one state of the page; the address of the page keeps it

  const START = { q: "", role: "", team: "", service: "", reaches: "", sort: "name", risk: "", stale: "", external: "", page: "1", columns: "1", who: "", list: "" };
  let chosen = { ...START };

  function read() {
    const given = new URLSearchParams(location.hash.slice(1));
    return Object.fromEntries(Object.entries(START).map(([name, usual]) => [name, given.get(name) ?? usual]));
  }
  function write() {
    const given = new URLSearchParams();
    for (const [name, value] of Object.entries(chosen)) if (value !== START[name]) given.set(name, value);
    history.replaceState(null, "", given.size ? `#${given}` : location.pathname + location.search);
  }
  function choose(change) {
    chosen = { ...chosen, page: "1", columns: "1", ...change };
    write();
    show();
  }

  /** Open a person; the matrix stays as it is, so that the focus can go back to where it was. */
  function open(person) {
    chosen = { ...chosen, who: keyOf(person) };
    write();
    panel();
  }

  // filter and sort

  const collator = new Intl.Collator("en", { numeric: true });
  const byName = (one, other) => collator.compare(one.sorts, other.sorts) || one.number - other.number;
  /** The longest without login first; who never logged in before all; of whom nothing is shown last. */
  const login = (person) => (person.login === "never" ? "0" : person.login || "9");
  const weight = (person) => person.risks.length * 1000 + person.remarks.filter((each) => each.severity !== "low").length;
  const ORDERS = {
    name: byName,
    role: (one, other) => collator.compare(one.role, other.role) || byName(one, other),
    accesses: (one, other) => other.accesses - one.accesses || byName(one, other),
    login: (one, other) => collator.compare(login(one), login(other)) || byName(one, other),
    risk: (one, other) => weight(other) - weight(one) || byName(one, other),
  };

  /** Whether somebody reaches a thing, by itself or through a wider one. */
  const reaches = (person, thing) => person.held.has(thing.number) || thing.wider.some((each) => person.held.has(each));

  function found() {
    const words = fold(chosen.q).split(/\s+/).filter(Boolean);
    const thing = things.find((each) => each.title === chosen.reaches);
    const fits = (person) =>
      words.every((word) => person.text.includes(word)) &&
      (!chosen.role || person.role === chosen.role) &&
      (!chosen.team || person.teams.includes(chosen.team)) &&
      (!chosen.service || [...person.held.keys()].some((each) => things[each].group === chosen.service)) &&
      (!chosen.reaches || (thing !== undefined && reaches(person, thing))) &&
      (!chosen.risk || person.risks.length > 0) &&
      (!chosen.stale || person.remarks.length > 0) &&
      (!chosen.external || person.external);
    return people.filter(fits).sort(ORDERS[chosen.sort] ?? byName);
  }

  /** The columns: what those who are found reach by itself; of one service, or one thing, all of it. */
  function columns(rows) {
    if (chosen.reaches) return things.filter((each) => each.title === chosen.reaches);
    if (chosen.service) return things.filter((each) => each.group === chosen.service);
    const held = new Set(rows.flatMap((person) => [...person.held.keys()]));
    return things.filter((each) => held.has(each.number));
  }

  // the matrix

  function show() {
    const rows = found();
    const part = turn("pages", rows, ROWS, chosen.page);
    const shown = turn("columns", columns(rows), COLUMNS, chosen.columns);
    $("#matrix thead").replaceChildren(...head(shown));
    $("#matrix table").querySelectorAll("colgroup").forEach((each) => each.remove());
    $("#matrix caption").after(...widths(shown));
    $("#matrix tbody").replaceChildren(...(part.length ? part.map((person) => row(person, shown)) : [nobody(shown)]));
    $("#count").textContent = `${many(rows.length, "person or partner", "people and partners")} of ${people.length.toLocaleString("en")}`;
    const reset = make("button", { type: "button" }, "Show all");
    reset.addEventListener("click", () => {
      choose({ reaches: "" });
      form.elements.q.focus();
    });
    $("#chosen").replaceChildren(...(chosen.reaches ? [`Reaching ${chosen.reaches} `, reset] : []));
    fill();
    document.documentElement.classList.toggle("whole", Boolean(chosen.list));
    $("#whole").setAttribute("aria-pressed", String(Boolean(chosen.list)));
    panel();
  }

  /** Choose the part of a long list that is drawn, and say which it is. */
  function turn(name, all, most, at) {
    const last = Math.max(1, Math.ceil(all.length / most));
    const page = Math.min(last, Math.max(1, Number.parseInt(at, 10) || 1));
    const [previous, next] = document.querySelectorAll(`#${name} button`);
    previous.disabled = page === 1;
    next.disabled = page === last;
    const first = (page - 1) * most;
    $(`#${name}`).hidden = last === 1;
    $(`#${name} span`).textContent = `${first + 1} to ${Math.min(first + most, all.length)} of ${all.length.toLocaleString("en")}`;
    return all.slice(first, first + most);
  }

  function groups(shown) {
    const found = new Map();
    for (const each of shown) found.set(each.group, [...(found.get(each.group) ?? []), each]);
    return [...found];
  }

  function widths(shown) {
    const own = make("colgroup", {}, make("col", { class: "who" }), make("col", { class: "about" }), make("col", { class: "small" }), make("col", { class: "small" }));
    return [own, ...groups(shown).map(([, some]) => make("colgroup", {}, ...some.map(() => make("col", { class: "thing" }))))];
  }

  function head(shown) {
    const sorted = (...names) => (names.includes(chosen.sort) ? { "aria-sort": chosen.sort === "accesses" ? "descending" : "ascending" } : {});
    const own = [
      make("th", { scope: "col", rowspan: 2, class: "who", ...sorted("name") }, "Person"),
      make("th", { scope: "col", rowspan: 2, ...sorted("role") }, "Role"),
      make("th", { scope: "col", rowspan: 2, ...sorted("login") }, "Last login"),
      make("th", { scope: "col", rowspan: 2, class: "number", ...sorted("accesses") }, "Accesses"),
    ];
    const tops = groups(shown).map(([name, some]) =>
      make("th", { scope: "colgroup", colspan: some.length }, make("span", { class: "group" }, name.replaceAll("_", " "))));
    const names = shown.map((each) => {
      const button = make("button", { type: "button", title: `Only who reaches ${each.title}` }, ...breakable(each.name));
      button.addEventListener("click", () => {
        choose({ reaches: each.title });
        $("#chosen button").focus();
      });
      return make("th", { scope: "col" }, button);
    });
    return [make("tr", {}, ...own, ...tops), make("tr", {}, ...names)];
  }

  /** A long name, with places where its line may break. */
  const breakable = (name) => name.split(/(?<=[.@/_-])/).flatMap((part) => [part, make("wbr")]);

  function row(person, shown) {
    const button = make("button", { type: "button", "aria-haspopup": "dialog" }, make("b", {}, person.name));
    button.addEventListener("click", () => open(person));
    const badges = make("span", {},
      person.risks.length ? make("span", { class: "badge high" }, "high risk") : "",
      person.remarks.length ? make("span", { class: "badge medium" }, `${person.remarks.length} stale`) : "",
      person.external ? make("span", { class: "badge" }, "external") : "",
      person.state ? make("span", { class: "badge" }, person.state) : "");
    return make("tr", {},
      make("th", { scope: "row", class: "who" }, button, badges, make("span", { class: "quiet" }, person.email)),
      make("td", {}, person.role), make("td", { class: "day" }, person.login),
      make("td", { class: "number" }, String(person.accesses)), ...shown.map((each) => cell(person, each)));
  }

  /** A cell: what is held on the thing itself, else what a wider thing gives of it. */
  function cell(person, thing) {
    const own = person.held.get(thing.number);
    if (own) {
      const best = own.find((each) => each.mark !== GOING) ?? own[0];
      const words = [...new Set(own.map((each) => each.right.words))].join("; ");
      const mark = best.mark === LIVE ? "" : best.mark;
      const about = { class: `${best.right.level} ${{ [GOING]: "going", [ODD]: "odd" }[best.mark] ?? ""}`, title: mark ? `${words} (${mark})` : words };
      const extra = words === best.right.short ? "" : words;
      return make("td", about, make("span", { "aria-hidden": Boolean(extra) && "true" }, best.right.short), extra || mark ? hidden([extra, mark].filter(Boolean).join(", ")) : "");
    }
    const wider = thing.wider.find((each) => person.held.has(each));
    if (wider === undefined) return make("td");
    const [first] = person.held.get(wider);
    const mark = first.mark === GOING ? ` (${GOING})` : "";
    const title = `${first.right.words}, through ${things[wider].title}${mark}`;
    return make("td", { class: first.mark === GOING ? "wider going" : "wider", title }, make("span", { "aria-hidden": "true" }, first.right.short), hidden(title));
  }

  function nobody(shown) {
    return make("tr", {}, make("td", { class: "none", colspan: shown.length + 4 }, "Nobody fits. Clear a filter to see more."));
  }

  // one person

  const dialog = $("#panel");

  function panel() {
    const person = byKey.get(chosen.who);
    if (!person) {
      if (dialog.open) dialog.close();
      return;
    }
    const close = make("button", { type: "button" }, "Close");
    close.addEventListener("click", () => dialog.close());
    const about = [person.email, person.role, person.state].filter(Boolean).join(" · ");
    dialog.replaceChildren(
      make("div", { class: "panel-top" }, make("div", {}, make("h2", { id: "panel-title" }, person.name), make("p", {}, about)), close),
      make("div", { class: "panel-body" }, ...body(person)));
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
  }
  dialog.addEventListener("close", () => {
    if (!chosen.who) return;
    chosen = { ...chosen, who: "" };
    write();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });

  function* body(person) {
    yield facts([
      ["Last login", person.login || (person.email && !person.state ? "not shown" : "")], ["Teams", person.teams.join(", ")],
      ["Reason", person.own.reason], ["Owner", person.own.owner], ["Since", person.own.since],
      ["Until", person.own.until], ["Review due", person.own.review], ["Line", lineOf(person.own)],
    ]);
    if (person.risks.length) {
      yield make("h3", {}, "High risk");
      yield make("ul", { class: "remarks" }, ...person.risks.map((each) => make("li", {}, each)));
    }
    if (person.remarks.length) {
      yield make("h3", {}, "Stale");
      yield make("ul", { class: "remarks" }, ...person.remarks.map(remark));
    }
    const live = person.reach.filter((each) => each.mark !== PLANNED);
    const planned = person.reach.filter((each) => each.mark === PLANNED);
    yield make("h3", {}, `Reaches, by ${many(live.length, "path", "paths")}`);
    if (!live.length) yield make("p", { class: "quiet" }, "Nothing that is shown.");
    yield* live.map((each) => path(each, person));
    if (planned.length) {
      yield make("h3", {}, "With the next apply");
      yield* planned.map((each) => path(each, person));
    }
  }

  function remark(each) {
    const more = [each.address, each.owner && `owner ${each.owner}`].filter(Boolean).join(" · ");
    return make("li", {}, make("span", { class: `badge ${each.severity}` }, each.rule), ` ${each.message} – ${each.remedy}`,
      make("br"), make("span", { class: "entry quiet" }, more, " "), lineOf(each));
  }

  function path(each, person) {
    const mark = each.mark === LIVE ? "" : make("span", { class: `badge ${each.mark === GOING ? "high" : "medium"}` }, each.mark);
    const stations = each.through.map((station) => make("li", {}, `${station.words} `, lineOf(station),
      station === person.own ? "" : facts([["Reason", station.reason], ["Owner", station.owner], ["Since", station.since],
        ["Until", station.until], ["Review due", station.review]])));
    return make("div", { class: "path" }, make("p", {}, make("b", {}, each.thing.title), `: ${each.right.words} `, mark), make("ol", {}, ...stations));
  }

  function facts(pairs) {
    const given = pairs.filter(([, value]) => value);
    if (!given.length) return "";
    return make("dl", { class: "facts" }, ...given.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
  }

  function lineOf({ place, url }) {
    if (!place) return "";
    return url ? make("a", { class: "line", href: url, rel: "noreferrer noopener", target: "_blank" }, place) : make("span", { class: "line" }, place);
  }

  // controls

  const form = $("#filters");

  function options(name, values) {
    form.elements[name].append(...values.map((each) => make("option", { value: each }, each.replaceAll("_", " "))));
  }
  function fill() {
    for (const element of form.elements) {
      if (!element.name) continue;
      if (element.type === "checkbox") element.checked = Boolean(chosen[element.name]);
      else if (element.value !== chosen[element.name]) element.value = chosen[element.name];
    }
  }
  const values = (lists) => [...new Set(lists.flat())].sort(collator.compare);
  options("role", values(people.map((person) => person.role)));
  options("team", values(people.map((person) => person.teams)));
  options("service", [...new Set(things.map((each) => each.group))]);

  form.addEventListener("input", (event) => {
    const { name, type, checked, value } = event.target;
    choose({ [name]: type === "checkbox" ? (checked ? "1" : "") : value });
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    choose({ ...START });
  });
  for (const [name, part] of [["pages", "page"], ["columns", "columns"]]) {
    $(`#${name}`).addEventListener("click", ({ target }) => {
      if (!target.value) return;
      const { page, columns } = chosen;
      choose({ page, columns, [part]: String((Number.parseInt(chosen[part], 10) || 1) + Number(target.value)) });
      $("#matrix .grid").scrollTo(0, 0);
    });
  }
  $("#whole").addEventListener("click", () => choose({ list: chosen.list ? "" : "1" }));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-filter], [data-who]");
    if (!link) return;
    event.preventDefault();
    if (link.dataset.who !== undefined) open(people[Number(link.dataset.who)]);
    else {
      choose({ ...START, ...Object.fromEntries(new URLSearchParams(link.dataset.filter)) });
      $("#people").scrollIntoView();
    }
  });
  window.addEventListener("hashchange", () => {
    const target = location.hash.includes("=") ? null : document.getElementById(location.hash.slice(1));
    if (target) {
      if (target instanceof HTMLDetailsElement) target.open = true;
      return;
    }
    chosen = read();
    show();
  });
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const each of closed) each.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const each of closed) each.open = false;
  });

  for (const each of document.querySelectorAll(".script")) each.hidden = false;
  chosen = read();
  show();
  performance.mark("ready");
}
